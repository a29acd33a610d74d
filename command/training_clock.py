"""The demo's training clock (演示日期): real time moved by an offset that is kept over restarts. `serve` has none."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path


def _real() -> datetime:
    return datetime.now(UTC)


@dataclass
class TrainingClock:
    """Gives aware instants. The file holds the offset in whole seconds."""

    file: Path
    real: Callable[[], datetime] = field(default=_real)

    def __post_init__(self) -> None:
        self.offset = timedelta(seconds=int(self.file.read_text())) if self.file.exists() else timedelta()

    def __call__(self) -> datetime:
        """Return the training instant."""
        return self.real() + self.offset

    def start_at(self, instant: datetime) -> None:
        """Let the training time be `instant` now; once only, for afterwards it only moves forward."""
        if self.file.exists():
            raise FileExistsError(self.file)
        self._keep(instant - self.real())

    def forward(self, *, days: int) -> None:
        """Let days pass; `ValueError` for none or less."""
        if days < 1:
            raise ValueError("at least one day")
        self._keep(self.offset + timedelta(days=days))

    def _keep(self, offset: timedelta) -> None:
        whole = timedelta(seconds=round(offset.total_seconds()))
        written = self.file.with_suffix(".new")
        with written.open("w") as file:
            file.write(str(int(whole.total_seconds())))
            file.flush()
            os.fsync(file.fileno())
        written.replace(self.file)
        self.offset = whole
