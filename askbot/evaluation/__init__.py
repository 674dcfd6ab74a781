"""Question sets, runs over them, their scores, and comparing two runs."""

from askbot.evaluation.runs.folder import Run, prediction_line, read_run
from askbot.evaluation.runs.identity import Identity, identity_of
from askbot.evaluation.runs.recording import Recording, save_report
from askbot.evaluation.runs.running import Asker, Progress, ask_all, evaluate, on_page
from askbot.evaluation.scores.comparison import Change, Comparison, Difference, compare
from askbot.evaluation.scores.gates import (
    Gate,
    merged,
    outcomes,
    parse_gate,
    require,
    thresholds_of,
)
from askbot.evaluation.scores.items import Item, Prediction
from askbot.evaluation.scores.junit import junit
from askbot.evaluation.scores.metrics import METRICS, Metric
from askbot.evaluation.scores.report import Figure, Report, TagFigures, score_run
from askbot.evaluation.sets.checking import check_set
from askbot.evaluation.sets.drafting import draft
from askbot.evaluation.sets.formats import load_questions, parse_any
from askbot.evaluation.sets.loaded import Loaded
from askbot.evaluation.sets.questions import (
    Ask,
    Entry,
    QuestionSet,
    parse_questions,
    read_questions,
)
from askbot.evaluation.sets.records import Fault

__all__ = [
    "METRICS",
    "Ask",
    "Asker",
    "Change",
    "Comparison",
    "Difference",
    "Entry",
    "Fault",
    "Figure",
    "Gate",
    "Identity",
    "Item",
    "Loaded",
    "Metric",
    "Prediction",
    "Progress",
    "QuestionSet",
    "Recording",
    "Report",
    "Run",
    "TagFigures",
    "ask_all",
    "check_set",
    "compare",
    "draft",
    "evaluate",
    "identity_of",
    "junit",
    "load_questions",
    "merged",
    "on_page",
    "outcomes",
    "parse_any",
    "parse_gate",
    "parse_questions",
    "prediction_line",
    "read_questions",
    "read_run",
    "require",
    "save_report",
    "score_run",
    "thresholds_of",
]
