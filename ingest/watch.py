"""Watches a folder of documents and tells what changed once it has been written to its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from watchfiles import watch

from ingest.pipeline import Stopped
from ingest.sources import SAMPLES_FILE, SIDECAR_SUFFIX, is_document

__all__ = ["FolderWatch"]

log = structlog.get_logger(__name__)

_QUIET_S = 0.4
"""A file that grew within this time is still being written: copying writes every few milliseconds."""

_STEP_MS = 100
_RETRY_S = 5.0


class FolderWatch:
    """Calls `changed` with the paths of documents that were written, moved or removed, `rescan` now and then.

    The system may lose events, on a network's disk most of them: the rescan heals that. Both are called in the thread
    of the watch, one at a time, and what they raise is logged.
    """

    def __init__(
        self,
        folder: Path,
        changed: Callable[[set[Path]], object],
        *,
        rescan: Callable[[], object],
        rescan_s: float,
        quiet_s: float = _QUIET_S,
    ) -> None:
        self._folder = folder.resolve()
        self._changed = changed
        self._rescan = rescan
        self._rescan_s = rescan_s
        self._quiet_s = quiet_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="folder-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, timeout_s: float) -> None:
        """End the watch; a call that is running is waited for."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                for paths in self._settled():
                    self._call(paths)
            except (OSError, RuntimeError) as error:  # the second is what the watcher's own faults are raised as
                # The folder is not there (yet, or any more): a disk that is not mounted may come back.
                log.warning("watch.no_folder", folder=str(self._folder), error=str(error))
                self._stop.wait(_RETRY_S)
                self._call(None)

    def _call(self, paths: set[Path] | None) -> None:
        try:
            if paths is None:
                self._rescan()
            else:
                self._changed(paths)
        except Stopped:
            self._stop.set()
        except Exception:
            log.exception("watch.failed", folder=str(self._folder))

    def _settled(self) -> Iterator[set[Path] | None]:
        """Paths that have been quiet for a while; None when it is time to look at everything.

        That is so at once: what changed before the system began to tell would else be seen a minute later.
        """
        touched: dict[Path, float] = {}
        rescan_at = time.monotonic()
        events = watch(
            self._folder, stop_event=self._stop, step=_STEP_MS, debounce=_STEP_MS, rust_timeout=2 * _STEP_MS,
            yield_on_timeout=True, raise_interrupt=False, watch_filter=None,
        )  # fmt: skip
        for changes in events:
            now = time.monotonic()
            touched |= {path: now for _, name in changes if (path := self._document(Path(name))) is not None}
            ready = {path for path, last in touched.items() if now - last >= self._quiet_s}
            if ready:
                for path in ready:
                    del touched[path]
                yield ready
            if time.monotonic() >= rescan_at:
                yield None
                rescan_at = time.monotonic() + self._rescan_s

    def _document(self, path: Path) -> Path | None:
        """The document that a path belongs to, or sample questions; None for else, such as a half-written upload."""
        path = path.with_name(path.name.removesuffix(SIDECAR_SUFFIX))
        names = path.relative_to(self._folder).parts
        return path if names and (path.name == SAMPLES_FILE or is_document(names)) else None
