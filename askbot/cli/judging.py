"""`askbot eval --judge`: asking a judge about the answers of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from askbot.cli.context import Options
from askbot.cli.progress import shown_progress
from askbot.cli.question_sets import say
from askbot.errors import ProviderError

if TYPE_CHECKING:
    from askbot.evaluation import Run
    from askbot.evaluation.judge.chat_judge import ChatJudge
    from askbot.evaluation.judge.judgements import Judgement, Judgements
    from askbot.evaluation.sets.questions import QuestionSet


def judge_named(spec: str | None, options: Options, *, now: bool) -> ChatJudge | None:
    """The judge `provider:name`, None where none is asked for.

    Args:
        now: set it up now, so that a missing key is told before hours of asking. Otherwise that
            waits until something is left to judge: a run that is judged needs no key.

    Raises:
        UsageError: it is not in that form; ProviderError: it cannot be set up.
    """
    if spec is None:
        return None
    from askbot.evaluation.judge.chat_judge import ChatJudge

    judge = ChatJudge(spec, options.settings())
    if now:
        _ = judge.chat
    return judge


def judged(
    judge: ChatJudge | None, questions: QuestionSet, run: Run, *, workers: int, keep: bool
) -> Judgements | None:
    """What the judge says of a run's answers, asked for where it has not said it yet.

    Args:
        keep: whether the run's folder stays when the command ends.

    Raises:
        ProviderError: the judge cannot be asked; what it said so far is in `judgements.jsonl`.
        QuestionSetError: the run is not this question set's, or its judgements are damaged.
    """
    if judge is None:
        return None
    from askbot.evaluation.judge.judging import Judging

    judging = Judging(judge, run.folder, questions, run.predictions())
    total, already = len(judging.cases), judging.judged
    left = len(judging.left)
    if already and left:
        say(f"going on with the judging in {run.folder}: {already} of {total} are judged")
    done = total - left
    try:
        with shown_progress("judging") as progress:

            def told(_: Judgement) -> None:
                nonlocal done
                done += 1
                progress("judging", done, total)

            progress("judging", done, total)
            judging.run(told, workers=workers)
    except KeyboardInterrupt:
        say(f"stopped: {_so_far(judging.judged, total, judge.model, run.folder, keep=keep)}")
        raise
    except ProviderError as error:
        so_far = _so_far(judging.judged, total, judge.model, run.folder, keep=keep)
        raise ProviderError(f"the judge: {error}; {so_far}") from None
    return judging.judgements


def _so_far(done: int, total: int, model: str, folder: Path, *, keep: bool) -> str:
    judged = f"{done} of {total} answers are judged"
    if not keep:
        return judged
    return (
        f"{judged}, and that is kept: `askbot eval QUESTIONS --score {folder} --judge {model}` "
        "goes on with the rest"
    )
