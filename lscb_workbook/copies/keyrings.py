"""Passwords in the operating system's keyring: the one place where any is kept.

Nothing here puts a password into an exception, a message or a file.
"""

from __future__ import annotations

from lscb_workbook.plan.errors import WorkbookError

__all__ = ["SERVICE", "keep_password", "kept_password"]

SERVICE = "lscb-workbook"
"""What entries of this program are kept under; those of one tracker have its id behind it."""


def kept_password(service: str, name: str) -> str:
    """The password that the keyring holds under this name; ``""`` where it holds none.

    Raises WorkbookError where there is a keyring that does not open.
    """
    import keyring
    from keyring.errors import NoKeyringError

    try:
        return keyring.get_password(service, name) or ""
    except NoKeyringError:
        return ""
    except Exception:  # each keyring has its own; without its cause, which may quote what is kept
        raise WorkbookError(
            f"This computer's keyring does not open, so the password of {name} cannot be had. "
            "Unlock it (sign in again) and run the command again."
        ) from None


def keep_password(service: str, name: str, password: str) -> None:
    """Keep a password in the keyring under this name, in place of the one before.

    Raises WorkbookError where there is no keyring, or it does not take the password.
    """
    import keyring
    from keyring.errors import NoKeyringError

    try:
        keyring.set_password(service, name, password)
    except NoKeyringError:
        raise WorkbookError(
            f"This computer has no keyring to keep the password of {name} in. Run the command where there is "
            "one (Windows, macOS, or Linux with a desktop), or issue the copies without passwords."
        ) from None
    except Exception:
        raise WorkbookError(
            f"This computer's keyring does not keep the password of {name}. "
            "Unlock it (sign in again) and run the command again."
        ) from None
