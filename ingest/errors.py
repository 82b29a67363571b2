"""Why a file could not be read. Every message names the file, the place and the way out."""

from graph.errors import JipuError


class IngestError(JipuError):
    """One file could not be read; the others go on."""

    code = "ingest"


class UnreadableFile(IngestError):
    """Missing, no permission, a device or pipe, a loop of links, or an I/O error."""

    code = "unreadable"


class EmptyFile(IngestError):
    """No bytes, or nothing but blanks."""

    code = "empty_file"


class UnsupportedFormat(IngestError):
    """Binary content that no reader knows."""

    code = "unsupported_format"


class NeedsOcr(IngestError):
    """Pictures of text, as scanners make them: nothing in it can be read as text."""

    code = "needs_ocr"


class UnknownEncoding(IngestError):
    """Text in none of the encodings that Chinese documents use."""

    code = "unknown_encoding"


class TooLarge(IngestError):
    """Over a limit that the settings name."""

    code = "too_large"


class DamagedFile(IngestError):
    """A container (docx, zip) that ends early or contradicts itself."""

    code = "damaged"
