"""A draft of the rules as the API takes it."""

from typing import Annotated, Literal

from pydantic import Field

from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.scoring import Average

from .audits import Day
from .sent import Sent

__all__ = ["DraftRequest"]


class DraftRequest(Sent):
    """A draft of the rules: YAML files by their paths, read as data and never run."""

    files: Annotated[
        dict[Annotated[str, Field(max_length=200)], str],
        Field(
            min_length=1,
            max_length=1000,
            description="The text of each file by its path, such as `victims/VW-01.yaml`",
        ),
    ]
    base: Literal["nothing", "shipped"] = Field(
        default="nothing",
        description="Whether the files are the whole rulebook, or stand in place of files of the shipped one and beside them",
    )
    as_of: Day | None = Field(default=None, description="Today in London where none is named")
    standards: str = Field(default=DEFAULT_STANDARDS, max_length=100)
    average: Average = Average.QUESTIONS
