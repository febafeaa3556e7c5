"""What can go wrong, as one tree; the command line catches its root and nothing else.

::

    DinoNamesError               exit status 1: the work failed
    ├── InputError               exit status 2: the call or its input was wrong
    │   ├── CorpusError          a list of names or a text
    │   ├── PromptError          the beginning a name was asked to have
    │   ├── OptionError          a number or a choice out of its range (a ValueError too)
    │   ├── ModelFileError       a model file that is refused
    │   ├── RunError             a run folder that cannot be used
    │   └── MissingExtraError    a part of the package that was not installed
    ├── NotEnoughNamesError      fewer names exist than were asked for
    ├── DivergedError            the loss became NaN or infinite
    ├── StorageError             the disk refused a file
    └── InterruptedRunError      Ctrl-C or SIGTERM, with everything saved (exit 130, 143)

Every message is one line: what was expected, what was received, what to do.
"""

from __future__ import annotations


class DinoNamesError(Exception):
    """The root: anything this package reports to its user."""

    exit_status = 1


class InputError(DinoNamesError):
    """The call or its input was wrong, and calling again in the same way will not help."""

    exit_status = 2


class CorpusError(InputError):
    """A list of names or a text that cannot be read as one."""


class PromptError(InputError):
    """A beginning with characters that the model has never seen, or too long to go on from."""


class OptionError(InputError, ValueError):
    """A number outside its range, or a choice that does not exist."""


class ModelFileError(InputError):
    """A model file that is damaged, hostile or of another kind."""


class RunError(InputError):
    """A run folder with pieces missing, or with pieces that do not belong together."""


class MissingExtraError(InputError):
    """A part of the package whose dependencies were not installed."""


class NotEnoughNamesError(DinoNamesError):
    """Fewer names exist than were asked for.

    Attributes:
        names: those that were found.
        asked: how many were asked for.
    """

    def __init__(self, message: str, *, names: list[str], asked: int) -> None:
        super().__init__(message)
        self.names = names
        self.asked = asked


class DivergedError(DinoNamesError):
    """The loss became NaN or infinite, so training on would only lose what was learned."""


class StorageError(DinoNamesError):
    """The disk refused a file: full, read-only or broken."""


class InterruptedRunError(DinoNamesError):
    """Training was asked to stop, and everything up to the last batch was saved.

    Attributes:
        exit_status: 128 plus the number of the signal: 130 for Ctrl-C, 143 for SIGTERM.
    """

    def __init__(self, message: str, *, signal_number: int) -> None:
        super().__init__(message)
        self.exit_status = 128 + signal_number
