# 绩谱 as a container: `docker compose up -d` builds it; docs/deployment.md says how to run it.
FROM python:3.11-slim-bookworm

# With LibreOffice (about 600 MB more) the image also reads doc, wps, rtf, odt, ods and the XML of
# Office 2003; without it such a file is refused with a sentence, and all others are read.
ARG WITH_OFFICE=false
RUN if [ "$WITH_OFFICE" = true ]; then \
        apt-get update \
        && apt-get install -y --no-install-recommends \
            libreoffice-writer libreoffice-calc fonts-noto-cjk \
        && rm -rf /var/lib/apt/lists/*; \
    fi

# A nearer mirror of the package index; it stays in the image's history, so no password in it.
ARG PIP_INDEX_URL=

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY graph graph
COPY ingest ingest
COPY search search
COPY api api
RUN pip install --no-cache-dir --disable-pip-version-check -c constraints.txt . \
    && rm -rf build *.egg-info graph ingest search api

# A new named volume takes its owner from the image, so that the service may write there.
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin jipu \
    && install -d -o jipu -g jipu /data
USER jipu
WORKDIR /data
VOLUME /data

ENV JIPU_DATA=/data JIPU_STORE=sqlite:////data/jipu.db JIPU_HOST=0.0.0.0 JIPU_PORT=8000 \
    PYTHONUNBUFFERED=1
EXPOSE 8000
# Not through a proxy that the environment may name.
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1:8000', timeout=5); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]

ENTRYPOINT ["jipu"]
CMD ["serve"]
