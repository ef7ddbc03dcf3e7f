"""Which pairs may be duplicates at all: those that ask the same thing of the same facts."""

from collections.abc import Mapping, Sequence

from sft_assets.near_duplicates import tokens

Row = Mapping[str, object]
Meaning = tuple[str, ...]  # metric, scope, period and basis of a fact


def text_of(row: Row) -> str:
    """Return the text whose shingles are compared: question and answer."""
    return f"{row['question']}\n{row['answer']}"


def sameness_key(row: Row, meanings: Mapping[str, Meaning]) -> tuple[object, ...]:
    """Return what two pairs must share before their words are compared.

    ``meanings`` gives the meaning of each fact: the same figure printed in two reports means the
    same. A variant is never a duplicate of its parent or of another kind of variant: it was made
    to differ in just that way.
    """
    fact_ids = _listed(row["fact_ids"])
    asked = tokens(str(row["question"]))
    if not fact_ids:  # nothing says what is asked for but the question itself
        return (row["report_key"], row["language"], row["augmentation"] or "", *asked)
    topic = str(row["template_id"]).split(".")[3:]  # formula of a ratio, metric of a refusal
    return (
        row["kind"],
        row["language"],
        row["augmentation"] or "",
        tuple(_listed(row["company_ids"])),
        row["program"] or "",
        tuple(meanings.get(fact_id, (fact_id,)) for fact_id in fact_ids),
        row["result"] or "",
        tuple(topic),
        tuple(sorted(token for token in asked if token[0].isdigit())),
    )


def meanings_of(facts: Sequence[Row]) -> dict[str, Meaning]:
    """Return fact_id -> meaning of rows of ``financial_facts``."""
    columns = ("company_id", "metric", "scope", "period", "basis")
    return {str(f["fact_id"]): tuple(str(f[c]) for c in columns) for f in facts}


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
