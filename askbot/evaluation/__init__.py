"""Question sets, runs over them, their scores, and comparing two runs."""

from askbot.evaluation.checking import check_set
from askbot.evaluation.comparison import Change, Comparison, Difference, compare
from askbot.evaluation.drafting import draft
from askbot.evaluation.formats import load_questions, parse_any
from askbot.evaluation.gates import Gate, check_gates, parse_gate
from askbot.evaluation.loaded import Loaded
from askbot.evaluation.questions import Ask, Entry, QuestionSet, parse_questions, read_questions
from askbot.evaluation.records import Fault
from askbot.evaluation.report import Figure, Report, TagFigures, score_run
from askbot.evaluation.running import Asker, Progress, evaluate, on_page
from askbot.evaluation.runs import Run, prediction_line, read_run, write_run
from askbot.evaluation.scoring import Item, Prediction
from askbot.evaluation.statistics import METRICS, Metric

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
    "Item",
    "Loaded",
    "Metric",
    "Prediction",
    "Progress",
    "QuestionSet",
    "Report",
    "Run",
    "TagFigures",
    "check_gates",
    "check_set",
    "compare",
    "draft",
    "evaluate",
    "load_questions",
    "on_page",
    "parse_any",
    "parse_gate",
    "parse_questions",
    "prediction_line",
    "read_questions",
    "read_run",
    "score_run",
    "write_run",
]
