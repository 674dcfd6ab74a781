"""A hundred things a model may write that are not so: none of them reaches a person as verified.

Each case is a text over the small page in tests/conftest.py. The statement that carries the wrong
must not be supported, and no citation may stand behind it.
"""

from __future__ import annotations

from typing import Any

import pytest

from askbot.answerers.drafting import draft
from askbot.answerers.written import marked
from askbot.answers import Evidence
from askbot.citations import check
from askbot.discussion import Page
from askbot.markers import scan

BAD = {
    "invented ids": """
The ferry will be replaced by a bus. [p99]
The ferry will be replaced by a bus. [p5]
The bus takes 50 minutes. [c2.1]
The bus takes 50 minutes. [c9]
oldsalt rode the boat to school. [c1.1.1.1]
The bus takes 50 minutes. [c02]
The bus takes 50 minutes. [p0]
The bus takes 50 minutes. [other-page:c2]
The bus takes 50 minutes. [c2.0]
The council voted on Monday. [p22]
""",
    "altered quotations": """
Ruth Bell said: “We cannot keep paying 40,000 pounds a year for ninety people.” [p3]
Ruth Bell said: “We can keep paying 40,000 pounds a year.” [p3]
Ruth Bell said: "We cannot go on paying 40,000 pounds a year". [p3]
Ruth Bell said: 'We cannot go on paying 40,000 pounds a year'. [p3]
Ruth Bell said: «We cannot go on paying 40,000 pounds a year». [p3]
Ruth Bell said: „We cannot go on paying 40,000 pounds a year“. [p3]
Ruth Bell said: “We cannot keep paying … for nine people”. [p3]
Ruth Bell said: “We cannot keep paying ... for nine people”. [p3]
Ruth Bell said: “We cannot keep paying [the ferry] 40,000 pounds a year”. [p3]
oldsalt says “Then say so. Nobody rides in summer.” [c1.1.1]
oldsalt says "Nobody rides in winter" and "nobody rides in spring". [c1.1.1]
oldsalt says "Nobody rides in winter" and 'nobody rides in spring'. [c1.1.1]
oldsalt calls the ride "terrible" in winter. [c1.1.1]
oldsalt says “nobody Rides in Winter”. [c1.1.1]
oldsalt says "Nobody rides in winter, and nobody should [c1.1.1]
jo writes: “Good riddance. I agree with the mayor.” [c4]
jo writes: “Good riddance! I agree with the council.” [c4]
Tim O’Dea says “The ferry took 8 minutes.” [c2]
Tim O’Dea says “The bus takes 5”. [c2]
Tim O’Dea says “bus takes 50 minute”. [c2]
""",
    "wrong speakers": """
Ruth Bell says the bus takes 50 minutes. [c2]
jo says the bus takes 50 minutes. [c2]
According to jo the bus takes 50 minutes. [c2]
The bus takes 50 minutes, jo complains. [c2]
In jo's view the bus takes 50 minutes. [c2]
oldsalt thinks the bus takes 50 minutes. [c2]
Tim O’Dea rode that boat to school. [c1]
Tim O’Dea counted 31 passengers last Tuesday. [c1]
jo claims the figure is from the winter timetable. [c1.1]
quiet one agrees with the council. [c4]
Tim O’Dea said “Good riddance”. [c4]
The mayor Anna Smith said the ferry will close. [p2]
Oldsalt agrees with the council. [c4]
Jo rode that boat to school. [c1]
""",
    "changed figures": """
The ferry ran for 121 years. [p2]
The council voted to close the ferry on 4 March 2021. [p2]
The council voted to close the ferry in March 2012. [p2]
The ferry costs 400,000 pounds a year. [p3]
The ferry costs 40000.5 pounds a year. [p3]
The ferry costs 40 pounds a year. [p3]
The ferry costs ４０,００１ pounds a year. [p3]
The ferry costs 4\u200b1,000 pounds a year. [p3]
The bus runs twelve hundred times a day. [p4]
The bus runs twenty times a day. [p4]
The bus runs 12.5 times a day. [p4]
The bus runs 1 2 3 times a day. [p4]
The ferry carries ten people. [p3]
The ferry carries a dozen people. [p3]
The ferry carries thousands of people. [p3]
The bus takes twice 50 minutes, that is 100. [c2]
oldsalt counted 13 passengers last Tuesday. [c1]
oldsalt counted thirty passengers last Tuesday. [c1]
The ferry took 50, the bus 8 and the train 20 minutes. [c2]
The bus runs 12 times an hour, 288 times a day. [p4]
""",
    "names that are not there": """
The town council of Oxford voted to close the ferry. [p2]
The council voted on Tuesday to close the ferry. [p2]
The ferry closes in April. [p2]
Ruth Ball is the harbour master. [p3]
Ruth Bell, the Harbour Master of Harwich, spoke. [p3]
The Нarrow ferry closes. [p2]
The bus is run by Stagecoach. [p4]
""",
    "no citation, or none that counts": """
The ferry will be replaced by a bus that runs 12 times a day.
The ferry will be replaced by a bus that runs 12 times a day (p4).
The ferry will be replaced by a bus that runs 12 times a day [4].
The ferry will be replaced by a bus that runs 12 times a day [P4].
The ferry will be replaced by a bus that runs 12 times a day 【p4】.
The ferry will be replaced by a bus that runs 12 times a day 【4†source】.
The ferry will be replaced by a bus that runs 12 times a day {p4}.
The ferry will be replaced by a bus that runs 12 times a day <p4>.
The ferry will be replaced by a bus that runs 12 times a day «p4».
The ferry will be replaced by a bus that runs 12 times a day ［p4］.
The ferry will be replaced by a bus that runs 12 times a day [[p4]].
The ferry will be replaced by a bus that runs 12 times a day [¶4].
The ferry will be replaced by a bus that runs 12 times a day ¶4.
The ferry will be replaced by a bus that runs 12 times a day [p1-p4].
The ferry will be replaced by a bus that runs 12 times a day [p1–4].
The ferry will be replaced by a bus that runs 12 times a day [p3 to p4].
The ferry will be replaced by a bus that runs 12 times a day [p3; p4].
The ferry will be replaced by a bus that runs 12 times a day [source: p4].
The ferry will be replaced by a bus that runs 12 times a day [paragraph 4].
The ferry will be replaced by a bus that runs 12 times a day [^4].
The ferry will be replaced by a bus that runs 12 times a day #4.
The ferry will be replaced by a bus, see p4.
Yes.
""",
    "half markers": """
The ferry will be replaced by a bus that runs 12 times a day. [p4
The ferry will be replaced by a bus that runs 12 times a day. [p
The ferry will be replaced by a bus that runs 12 times a day. [
The ferry will be replaced by a bus that runs 12 times a day. p4]
The ferry will be replaced by a bus that runs 12 times a day [p4 and costs nothing.
The ferry will be replaced by a bus that runs 12 times a day. [p4, c
The ferry will be replaced by a bus that runs 12 times a day. [p4,
The ferry will be replaced by a bus that runs 12 times a day. 【p4
""",
    "true citations under what they do not say": """
The council voted to keep the ferry. [c4]
The bus will be painted green and driven by volunteers. [p4]
Nobody likes the colour of the curtains. [c2]
The council did not vote to close its only ferry on Monday. [p2]
The ferry will not be replaced by a bus that runs 12 times a day. [p4]
Everybody rides in winter, so the ferry is full. [c1.1]
The ferry will be replaced by a bus, see https://evil.example/bus. [p4]
Write to mayor@evil.example about the ferry and the bus. [p4]
jo does not agree with the council. [c4]
Yes. [p4]
No, she says so. [c1.1]
We can keep paying 40,000 pounds a year for nine people. [p3]
""",
}

CASES = [(kind, line) for kind, lines in BAD.items() for line in lines.strip("\n").split("\n")]


def everything(page: Page) -> list[Evidence]:
    return [Evidence(part.id, page, part.id) for part in page.parts()]


def test_there_are_a_hundred() -> None:
    assert len(CASES) >= 100
    assert len({line for _, line in CASES}) == len(CASES)


@pytest.mark.parametrize(("kind", "line"), CASES, ids=[f"{k}: {t[:70]}" for k, t in CASES])
def test_none_is_verified(town: Page, kind: str, line: str) -> None:
    drafted = draft(line, everything(town))
    checked = check(drafted, everything(town))
    assert all(s.state != "supported" for s in checked.statements), checked
    assert not checked.citations
    text = marked(checked, drafted)
    assert "(unsupported)" in text
    assert not scan(text), "something that looks like a citation is still shown"
    assert "[p" not in text
    assert "p4]" not in text


@pytest.mark.parametrize(
    "line",
    [line for kind in ("invented ids", "half markers") for k, line in CASES if k == kind][::3]
    + [line for k, line in CASES if k not in ("invented ids", "half markers")][::9],
)
def test_none_reaches_the_person_over_the_wire(openai: Any, writing: Any, line: str) -> None:
    """The model insists: it writes the same again when it is asked to mend it."""
    openai.will(line, line)
    *deltas, answer = writing(openai, candidates=20).stream("What is said about the ferry?")
    assert all(s.state != "supported" for s in answer.statements)
    assert not answer.citations
    assert not scan("".join(d.text for d in deltas))
    assert any("not supported by a verified citation" in note for note in answer.notes)


GOOD = """
The ferry will be replaced by a bus that runs 12 times a day. [p4]
The ferry will be replaced by a bus that runs 12 times a day [p4].
The ferry will be replaced by a bus that runs twelve times a day. [p4]
A bus will run 12 times a day in place of the ferry. [p4]
The council voted to close the Harrow ferry after 112 years. [p2]
It closes on 3 March 2021, the council decided. [p2]
Ruth Bell, the harbour master, said: “We cannot keep paying 40,000 pounds a year”. [p3]
Ruth Bell, the harbour master, said "We cannot keep paying 40,000 pounds a year," and no more. [p3]
The harbour master says they cannot keep paying 40000 pounds a year. [p3]
oldsalt says nine passengers is not true and counted 31 last Tuesday. [c1]
oldsalt disputes the figure of nine passengers: he counted 31. [c1]
Ruth Bell answers oldsalt that the figure is from the winter timetable. [c1.1]
oldsalt replies to Ruth Bell that nobody rides in winter. [c1.1.1]
According to Tim O’Dea the bus takes 50 minutes, where the ferry took 8. [c2]
Tim O'Dea complains that the bus takes 50 minutes. [c2]
jo agrees with the council. [c4]
jo is glad: “Good riddance.” [c4]
No. The ferry will be replaced by a bus. [p4]
No. [p4] The ferry will be replaced by a bus. [p4]
Nine people cost 40,000 pounds a year, but oldsalt counted 31. [p3, c1]
""".strip().split("\n")


@pytest.mark.parametrize("line", GOOD)
def test_what_the_page_does_say_is_verified(town: Page, line: str) -> None:
    """The check refuses what is wrong, not everything."""
    drafted = draft(line, everything(town))
    checked = check(drafted, everything(town))
    assert [s.state for s in checked.statements] == ["supported"], checked
    for citation in checked.citations:
        assert town.source[citation.start : citation.end] == citation.quote
