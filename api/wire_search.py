"""The shape of a search's answer: the question's text alone, and the spellings at the end."""

from dataclasses import fields

from search.query import SearchResult


def search_answer(result: SearchResult) -> dict[str, object]:
    """The fields of the result in their order, with the query as the text that was typed."""
    answer: dict[str, object] = {
        field.name: getattr(result, field.name) for field in fields(result)
    }
    return {**answer, "query": result.query.text}
