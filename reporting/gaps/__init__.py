"""Achievement gaps between two student groups, from counts; nothing here knows of Django or of reports."""

from reporting.gaps.measures import Gaps, PointGap, Share, ThresholdFreeGap, Undefined, measure

__all__ = ["Gaps", "PointGap", "Share", "ThresholdFreeGap", "Undefined", "measure"]
