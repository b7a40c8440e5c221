"""Why an archive or an installation is refused; each text is a sentence for the operator."""


class BackupRefused(Exception):
    """The archive cannot be made, trusted or restored; the message says why."""


class Damaged(BackupRefused):
    """The archive is not what was written: cut short, changed, or put together anew."""


class WrongKey(BackupRefused):
    """The archive was sealed with another key."""
