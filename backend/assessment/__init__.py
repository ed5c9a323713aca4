"""The self-assessment: item bank, choice of the next item, scoring and the proposed track."""
