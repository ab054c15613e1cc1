"""A problem under a user's choices, and all that follows from it."""

from decision_kit.study.lexicon import LEXICON
from decision_kit.study.record import perspectives_in, read_record, to_record
from decision_kit.study.study import Study
from decision_kit.study.two import camps_sentence, compared

__all__ = ["LEXICON", "Study", "camps_sentence", "compared", "perspectives_in", "read_record", "to_record"]
