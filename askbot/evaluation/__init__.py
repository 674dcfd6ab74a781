"""Question sets, runs over them, their scores, and comparing two runs."""

from askbot.evaluation.checking import check_set
from askbot.evaluation.comparison import Change, Comparison, Difference, compare
from askbot.evaluation.drafting import draft
from askbot.evaluation.formats import load_questions, parse_any
from askbot.evaluation.gates import Gate, merged, outcomes, parse_gate, require, thresholds_of
from askbot.evaluation.identity import Identity, identity_of
from askbot.evaluation.items import Item, Prediction
from askbot.evaluation.junit import junit
from askbot.evaluation.loaded import Loaded
from askbot.evaluation.metrics import METRICS, Metric
from askbot.evaluation.questions import Ask, Entry, QuestionSet, parse_questions, read_questions
from askbot.evaluation.recording import Recording, save_report
from askbot.evaluation.records import Fault
from askbot.evaluation.report import Figure, Report, TagFigures, score_run
from askbot.evaluation.running import Asker, Progress, ask_all, evaluate, on_page
from askbot.evaluation.runs import Run, prediction_line, read_run

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
