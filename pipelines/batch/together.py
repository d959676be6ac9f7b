"""One net on a GPU for several workers: what they ask while it is busy goes through it as one batch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from weights.nets.matte import blow_up, prepare
from weights.spec import ModelSpec
from weights.store import Loaded

log = logging.getLogger(__name__)

Ask = Callable[[np.ndarray], tuple[np.ndarray, Loaded]]
"""Prepared pictures [n, 3, h, w] -> the net's maps [n, h, w], and who gave them."""


@dataclass(eq=False)
class Question:
    """A prepared picture [1, 3, h, w], and once it was asked the net's map [h, w] or what went wrong."""

    picture: np.ndarray
    answer: np.ndarray | None = None
    error: Exception | None = None
    loaded: Loaded = field(default_factory=Loaded)

    @property
    def settled(self) -> bool:
        return self.answer is not None or self.error is not None


class Together:
    """Gathers what is asked at the same time: nobody waits for a batch to fill, and a busy net gets full ones.

    When a batch fails - the GPU's memory, or a graph that only claims to take several - its pictures are
    asked one by one, and so is everything after it.
    """

    def __init__(self, spec: ModelSpec, ask: Ask, most: int) -> None:
        self._spec = spec
        self._ask = ask
        self._most = max(1, most)
        self._waiting: list[Question] = []
        self._guard = threading.Lock()
        self._turn = threading.Lock()

    def alpha(self, rgb: np.ndarray) -> tuple[np.ndarray, Loaded]:
        """The matte of RGB uint8 HWC, float32 HW in 0..1, and the model that made it.

        Raises what the model raises.
        """
        question = Question(prepare(rgb, self._spec.preprocess))
        with self._guard:
            self._waiting.append(question)
        while not question.settled:
            with self._turn:
                if not question.settled:
                    self._settle(self._gather())
        if question.error is not None:
            raise question.error
        return blow_up(_answer(question), rgb.shape, self._spec.output), question.loaded

    def _gather(self) -> list[Question]:
        with self._guard:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        return batch

    def _settle(self, batch: list[Question]) -> None:
        try:
            answers, loaded = self._ask(np.concatenate([each.picture for each in batch]))
        except Exception as error:  # whoever asked gets it, unless it came of asking together
            if len(batch) == 1:
                batch[0].error = error
                return
            log.warning("%s is asked picture by picture from now on: %s", self._spec.id, error)
            self._most = 1
            for each in batch:
                self._settle([each])
            return
        for each, answer in zip(batch, answers, strict=True):
            each.answer, each.loaded = answer, loaded


def _answer(question: Question) -> np.ndarray:
    if question.answer is None:
        raise RuntimeError("a question was left without an answer")
    return question.answer
