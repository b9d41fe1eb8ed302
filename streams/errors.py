"""Every error Dateline raises on purpose, and what happens to the record that caused it.

DatelineError
├── Invalid            the record can never be processed: one dead letter, at once
│   ├── InvalidRecord    not a record of its schema (bad JSON, a missing field)
│   ├── InvalidPage      a page that cannot be read (empty, too large, undecodable, no text)
│   ├── DeadlineExceeded the stage ran longer than its deadline on this record
│   └── ComputeCrashed   the record ended its compute process (crash or memory cap)
└── Fatal              cannot work in this process: it ends before the record is acknowledged
    ├── BrokerUnavailable  the broker was not reached in the set time
    └── ConfigurationError a setting is missing or wrong
"""


class DatelineError(Exception):
    """Base of every error that Dateline raises on purpose."""

    #: With which a command ends that it ends.
    exit_status = 1


class Invalid(DatelineError):
    """The record can never be processed; it becomes one dead letter."""


class InvalidRecord(Invalid):
    """The bytes are not a record of the topic's schema."""


class InvalidPage(Invalid):
    """The page cannot be read: empty, too large, undecodable or without text."""


class DeadlineExceeded(Invalid):
    """The stage ran longer than its deadline on this record."""


class ComputeCrashed(Invalid):
    """The record ended the compute process that worked on it."""


class Fatal(DatelineError):
    """Nothing in this process can go on; it ends before the record is acknowledged."""


class BrokerUnavailable(Fatal):
    """The broker was not reached within the set time."""


class ConfigurationError(Fatal):
    """A setting is missing or wrong, or the cluster lacks what it asks for: starting again does not help."""

    exit_status = 2
