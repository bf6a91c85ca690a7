"""Small windows that ask and tell, by the toolkit that comes with Python."""

from __future__ import annotations

import tkinter
from collections.abc import Sequence
from pathlib import Path
from tkinter import filedialog, messagebox, simpledialog

__all__ = ["Windows"]


class Windows:
    """Asks the manager in windows before all others (see :class:`~lscb_workbook.ribbon.Asking`)."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._root = tkinter.Tk()
        self._root.title(title)
        self._root.attributes("-topmost", True)
        self._root.withdraw()

    def choose(self, question: str, answers: Sequence[str]) -> str | None:
        """One of these answers, each of them a button."""
        window = tkinter.Toplevel(self._root)
        window.title(self._title)
        window.attributes("-topmost", True)
        chosen: list[str] = []

        def choose(answer: str) -> None:
            chosen.append(answer)
            window.destroy()

        tkinter.Label(window, text=question, wraplength=380, justify="left").pack(padx=16, pady=(16, 8))
        for answer in answers:
            button = tkinter.Button(window, text=answer, width=32, command=lambda it=answer: choose(it))  # type: ignore[misc]
            button.pack(padx=16, pady=4)
        tkinter.Button(window, text="Cancel", width=32, command=window.destroy).pack(padx=16, pady=(4, 16))
        self._root.wait_window(window)
        return chosen[0] if chosen else None

    def text(self, question: str, default: str) -> str | None:
        """A line of text."""
        return simpledialog.askstring(self._title, question, initialvalue=default, parent=self._root)

    def folder(self, question: str) -> Path | None:
        """A folder."""
        said = filedialog.askdirectory(title=question, parent=self._root)
        return Path(said) if said else None

    def new_file(self, question: str, ending: str) -> Path | None:
        """A file to be written; whether one that is there may be written over is asked with it."""
        said = filedialog.asksaveasfilename(title=question, defaultextension=ending, parent=self._root)
        return Path(said) if said else None

    def show(self, text: str, *, wrong: bool = False) -> None:
        """Tell something, to be read and closed."""
        (messagebox.showerror if wrong else messagebox.showinfo)(self._title, text, parent=self._root)

    def close(self) -> None:
        self._root.destroy()
