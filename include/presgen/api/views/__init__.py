"""What the API is asked and what it answers: frozen models, each with its meaning."""

from presgen.api.views.catalogue import (
    BrandView,
    Catalogue,
    FormatView,
    PersonaView,
    PublisherView,
    VoiceView,
)
from presgen.api.views.evidence import Chain, ChainState, Evidence, EvidenceAnswer, EvidenceSection
from presgen.api.views.health import Health, Me, Part
from presgen.api.views.nights import NightDetail, NightList, NightSummary
from presgen.api.views.orders import Accepted, ScriptRequest, VideoRequest, WrittenScript
from presgen.api.views.previews import PreviewRequest, PreviewView
from presgen.api.views.problem import FieldProblem, Problem
from presgen.api.views.sections import SectionDetail, SectionList, SectionSummary
from presgen.api.views.videos import (
    VIDEO_ID,
    Asset,
    SectionState,
    VideoId,
    VideoList,
    VideoSection,
    VideoStage,
    VideoState,
    VideoStatus,
    VideoSummary,
)

__all__ = [
    "VIDEO_ID",
    "Accepted",
    "Asset",
    "BrandView",
    "Catalogue",
    "Chain",
    "ChainState",
    "Evidence",
    "EvidenceAnswer",
    "EvidenceSection",
    "FieldProblem",
    "FormatView",
    "Health",
    "Me",
    "NightDetail",
    "NightList",
    "NightSummary",
    "Part",
    "PersonaView",
    "PreviewRequest",
    "PreviewView",
    "Problem",
    "PublisherView",
    "ScriptRequest",
    "SectionDetail",
    "SectionList",
    "SectionState",
    "SectionSummary",
    "VideoId",
    "VideoList",
    "VideoRequest",
    "VideoSection",
    "VideoStage",
    "VideoState",
    "VideoStatus",
    "VideoSummary",
    "VoiceView",
    "WrittenScript",
]
