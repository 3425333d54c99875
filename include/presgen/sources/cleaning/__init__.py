"""From what exports hold to what a record promises; each module repairs one part of it."""

from presgen.sources.cleaning.record import clean_record, learner_id

__all__ = ["clean_record", "learner_id"]
