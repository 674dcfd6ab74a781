"""Adversarial tests of the citation check: what must not pass, and with what reason."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.answers import Answer, Claim, Draft, Evidence, Quote
from askbot.citations import check, compose
from askbot.discussion import Page
from askbot.markers import draft_from_text, scan, strip_markers
from askbot.sources import plaintext
from askbot.verification import verify

FACT = "The ferry will be replaced by a bus that runs 12 times a day."


def evidence(page: Page, *ids: str) -> list[Evidence]:
    return [Evidence(i, page, i) for i in ids]


def everything(page: Page) -> list[Evidence]:
    return evidence(page, *(part.id for part in page.parts()))


def one(quote: Quote, page: Page, *ids: str, text: str | None = None) -> tuple[bool, str]:
    """Whether a single quoted claim holds, and the reason if it does not."""
    claim = Claim(text or quote.text, (quote,), verbatim=text is None)
    checked = check(Draft((claim,)), evidence(page, *ids) if ids else everything(page))
    if checked.citations:
        (citation,) = checked.citations
        assert page.source[citation.start : citation.end] == citation.quote
        return True, ""
    return False, checked.rejected[0].reason


def test_a_true_quote_holds_at_its_offsets(town: Page) -> None:
    assert one(Quote("p4", FACT), town) == (True, "")
    start = town.source.index(FACT)
    assert one(Quote("p4", FACT, start, start + len(FACT)), town) == (True, "")


@dataclass(frozen=True)
class Bad:
    quote: Quote
    reason: str
    in_evidence: tuple[str, ...] = ()


CYRILLIC = FACT.replace("a bus", "\u0430 bus")

BAD = {
    "invented paragraph": Bad(Quote("p99", FACT), "there is no p99"),
    "invented comment": Bad(Quote("c1.7", FACT), "there is no c1.7"),
    "not an id": Bad(Quote("para 4", FACT), "not a passage id"),
    "leading zero": Bad(Quote("p04", FACT), "not a passage id"),
    "capital letter": Bad(Quote("P4", FACT), "not a passage id"),
    "a range": Bad(Quote("p3-p4", FACT), "not a passage id"),
    "two ids in one": Bad(Quote("p3,p4", FACT), "not a passage id"),
    "full-width digit": Bad(Quote("p４", FACT), "not a passage id"),
    "trailing newline": Bad(Quote("p4\n", FACT), "not a passage id"),
    "unknown page": Bad(Quote("city:p4", FACT), "no page 'city'"),
    "not in this turn's evidence": Bad(Quote("p4", FACT), "not in this turn's evidence", ("p1",)),
    "altered digit": Bad(Quote("p4", FACT.replace("12", "13")), "not in p4"),
    "number cut short": Bad(Quote("p3", "000 pounds a year"), "not in p3"),
    "word cut short": Bad(Quote("p4", "erry will be replaced"), "not in p4"),
    "altered case": Bad(Quote("p4", FACT.upper()), "not in p4"),
    "words left out": Bad(Quote("p4", "The ferry will be a bus"), "not in p4"),
    "an ellipsis": Bad(Quote("p4", "The ferry … a bus"), "not in p4"),
    "right quote, wrong passage": Bad(Quote("p2", FACT), "not in p2"),
    "a quote over two parts": Bad(
        Quote("c2", "The ferry took 8.\n\n  3. quiet one says:"), "not in c2"
    ),
    "straight for curly quotes": Bad(Quote("p3", '"We cannot keep paying'), "not in p3"),
    "homoglyph": Bad(Quote("p4", CYRILLIC), "not in p4"),
    "zero-width space": Bad(Quote("p4", "The \u200bferry"), "not in p4"),
    "right quote, wrong speaker": Bad(
        Quote("c2", "The ferry took 8.", author="oldsalt"), "attributed to oldsalt"
    ),
    "the article as a commenter": Bad(Quote("p4", FACT, author="oldsalt"), "a paragraph"),
    "offsets of another place": Bad(Quote("p4", FACT, 0, len(FACT)), "does not have these words"),
    "negative offsets": Bad(Quote("p4", FACT, -70, -1), "does not have these words"),
    "offsets past the end": Bad(Quote("p4", FACT, 10**6, 10**6 + 9), "does not have these words"),
    "header quoted as text": Bad(Quote("c2", "Tim O’Dea says:"), "not in c2"),
    "words of an empty comment": Bad(Quote("c3", "quiet one says:"), "not in c3"),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_what_does_not_hold_is_rejected_with_its_reason(town: Page, case: Bad) -> None:
    held, reason = one(case.quote, town, *case.in_evidence)
    assert not held
    assert case.reason in reason


def test_offsets_inside_another_passage_are_outside_this_one(town: Page) -> None:
    start = town.source.index(FACT)
    held, reason = one(Quote("p3", FACT, start, start + len(FACT)), town)
    assert (held, "lies outside p3" in reason) == (False, True)


def test_repeated_sentences_cite_the_right_occurrence() -> None:
    text = (
        "It rained. It rained.\n\nIt rained.\n\nComments (2)\n\n  1. ann says:\n\n    It rained.\n"
        "\n  2. bob says:\n\n    It rained. Again."
    )
    page = plaintext.read(text, slug="rain", origin="")
    starts = {}
    for part in page.parts():
        checked = check(
            Draft((Claim("It rained.", (Quote(part.id, "It rained."),), verbatim=True),)),
            everything(page),
        )
        (citation,) = checked.citations
        assert any(e.contains(citation.start, citation.end) for e in part.extents)
        starts[part.id] = citation.start
    assert len(set(starts.values())) == len(starts)
    second = page.source.index("It rained.", 5)
    assert one(Quote("p1", "It rained.", second, second + 10), page) == (True, "")


def test_the_same_citation_twice_is_listed_once(town: Page) -> None:
    claim = Claim(FACT, (Quote("p4", FACT), Quote("p4", FACT)), verbatim=True)
    checked = check(Draft((claim, claim)), everything(town))
    assert [c.id for c in checked.citations] == ["p4"]
    assert checked.text == f"{FACT} [p4] {FACT} [p4]"


@pytest.mark.parametrize(
    ("statement", "passage", "reason"),
    [
        ("The bus runs 13 times a day.", "p4", "says 13"),
        ("The ferry closes on 3 March 2012.", "p2", "says 2012"),
        ("Ruth Hall said they pay 40,000 pounds.", "p3", "names Hall"),
        ("oldsalt says the bus takes 50 minutes.", "c2", "attributed to oldsalt"),
        ("According to jo, the bus takes 50 minutes.", "c2", "attributed to jo"),
        ("Oldsalt also wrote that the bus takes 50 minutes.", "c2", "attributed to oldsalt"),
    ],
)
def test_a_claims_numbers_names_and_speaker_must_be_in_what_it_cites(
    town: Page, statement: str, passage: str, reason: str
) -> None:
    held, why = one(Quote(passage), town, text=statement)
    assert not held
    assert reason in why


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("A bus runs 12 times a day instead.", "p4"),
        ("Ruth Bell says that 40000 pounds a year is too much.", "p3"),
        ("Tim O'Dea says the bus takes 50 minutes.", "c2"),
        ("Ruth Bell answered oldsalt that it is the winter figure.", "c1.1"),
    ],
)
def test_a_faithful_paraphrase_holds(town: Page, statement: str, passage: str) -> None:
    assert one(Quote(passage), town, text=statement) == (True, "")


def test_a_changed_quotation_in_a_verbatim_claim_is_caught(town: Page) -> None:
    claim = Claim(FACT.replace("12", "21"), (Quote("p4", FACT),), verbatim=True)
    checked = check(Draft((claim,)), everything(town))
    assert checked.citations == ()
    assert checked.statements[0].state == "unsupported"


def test_an_empty_comment_is_cited_by_its_header(town: Page) -> None:
    claim = Claim("One comment is empty.", (Quote("c3"),), computed=True)
    (citation,) = check(Draft((claim,)), everything(town)).citations
    assert "quiet one says:" in citation.quote
    assert town.source[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("So [p4].", ("p4",)),
        ("So [c16.1.1].", ("c16.1.1",)),
        ("So [p4, c1].", ("p4", "c1")),
        ("So [p4][c1].", ("p4", "c1")),
        ("So [harbour-news:p4].", ("harbour-news:p4",)),
    ],
)
def test_the_one_form_that_counts(text: str, ids: tuple[str, ...]) -> None:
    markers = scan(text)
    assert tuple(i for m in markers for i in m.ids) == ids
    assert all(m.problem is None for m in markers)
    assert strip_markers(text) == "So."


@pytest.mark.parametrize(
    "marker",
    ["(p4)", "{p4}", "<p4>", "【p4】", "〔p4〕", "［p4］", "[[p4]]", "[p4 [c1]]", "[^p4]", "[P4]",
     "[ p4 ]", "[p 4]", "[p1-p4]", "[p1–p4]", "[p1..p4]", "[p1 to p4]", "[4]", "[#4]", "¶4",
     "#16.1", "【4†source】", "[source: p4]", "[p4; c1]", "[p4 and c1]", "[p04]"],
)  # fmt: skip
def test_other_forms_are_reported_and_never_verified(town: Page, marker: str) -> None:
    draft = draft_from_text(f"A bus replaces it {marker}.")
    checked = check(draft, everything(town))
    assert checked.citations == ()
    assert checked.rejected
    assert checked.statements[0].state == "unsupported"
    assert marker not in checked.text


@pytest.mark.parametrize("prose", ["It closed (2010).", "I <3 it.", "Nine (9) people.", "a & #b"])
def test_prose_is_no_marker(prose: str) -> None:
    assert scan(prose) == []


def test_markers_go_with_their_sentence(town: Page) -> None:
    text = "A bus runs instead. [p4] It takes 50 minutes [c2]. Nobody said why."
    checked = check(draft_from_text(text), everything(town))
    assert [(s.state, s.ids) for s in checked.statements] == [
        ("supported", ("p4",)),
        ("supported", ("c2",)),
        ("unsupported", ()),
    ]


def test_a_quotation_inside_a_sentence_is_checked_word_for_word(town: Page) -> None:
    good = draft_from_text("Tim O’Dea says “The ferry took 8” minutes [c2].")
    assert [c.quote for c in check(good, everything(town)).citations] == ["The ferry took 8"]
    bad = draft_from_text("Tim O’Dea says “The ferry took 9” minutes [c2].")
    assert check(bad, everything(town)).citations == ()


@given(st.text(max_size=200))
def test_any_model_output_is_read_without_losing_its_words(text: str) -> None:
    draft = draft_from_text(text)
    kept = "".join("".join(c.text.split()) for c in draft.claims)
    assert kept == "".join(strip_markers(text).split())


@given(st.data())
def test_every_substring_at_word_edges_verifies_and_every_altered_one_fails(
    town: Page, data: st.DataObject
) -> None:
    part = data.draw(st.sampled_from([p for p in town.parts() if p.extents]))
    tokens = town.text(part.id).split(" ")
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    quote = " ".join(tokens[first : last + 1])
    assert one(Quote(part.id, quote), town)[0]
    place = data.draw(st.integers(0, len(quote) - 1))
    altered = quote[:place] + "☃" + quote[place + 1 :]
    assert not one(Quote(part.id, altered), town)[0]


def saved(page: Page) -> Answer:
    checked = check(
        Draft((Claim(FACT, (Quote("p4", FACT, author=None),), verbatim=True),)), everything(page)
    )
    return Answer(
        question="What replaces it?",
        searched_for="What replaces it?",
        answer=checked.text,
        abstained=False,
        citations=checked.citations,
        evidence=("p4", "c2"),
        short_answer="a bus",
        statements=checked.statements,
    )


def test_a_saved_answer_verifies_after_a_round_trip(town: Page) -> None:
    answer = saved(town)
    assert Answer.from_json(answer.to_json()) == dataclasses.replace(answer, timings_ms={})
    assert verify(answer, lambda _slug: town) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": FACT.replace("12", "21")}, "does not have these words"),
        ({"start": 0}, "does not have these words"),
        ({"id": "c2"}, "lies outside c2"),
        ({"id": "p3"}, "not in the answer's evidence"),
        ({"id": "p77"}, "has no p77"),
        ({"author": "jo"}, "attributed to jo"),
        ({"source_sha256": "0" * 64}, "has changed"),
        ({"id": "other:p4"}, "the id names page other"),
    ],
)
def test_a_tampered_citation_is_found(town: Page, change: dict[str, object], reason: str) -> None:
    answer = saved(town)
    (citation,) = answer.citations
    tampered = dataclasses.replace(
        answer,
        citations=(dataclasses.replace(citation, **change),),  # type: ignore[arg-type]
    )
    assert any(reason in f.reason for f in verify(tampered, lambda _slug: town))


@pytest.mark.parametrize(
    "change",
    [
        {"answer": FACT.replace("12", "21") + " [p4]"},
        {"answer": FACT + " [p4] And more. [c1]"},
        {"short_answer": "a train"},
    ],
)
def test_tampered_words_are_found(town: Page, change: dict[str, str]) -> None:
    answer = dataclasses.replace(saved(town), **change)  # type: ignore[arg-type]
    assert verify(answer, lambda _slug: town)


def test_the_text_is_put_together_with_ids_behind_each_statement(town: Page) -> None:
    checked = check(draft_from_text("One [p4]. Two."), everything(town))
    assert compose(checked.statements) == "One. [p4] Two."
