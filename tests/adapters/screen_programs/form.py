"""A small desktop form, for tests: it appends what is saved to a file and keeps a log of nothing else."""

import sys
import tkinter as tk
from pathlib import Path

root = tk.Tk()
root.title("取引先の登録")
root.geometry("420x220+100+80")
name = tk.Entry(root, width=40)
name.place(x=20, y=20)
code = tk.Entry(root, width=40)
code.place(x=20, y=60)


def save(*_: object) -> None:
    with Path(sys.argv[1]).open("a", encoding="utf-8") as kept:
        kept.write(f"{name.get()}\t{code.get()}\n")
    name.delete(0, "end")
    code.delete(0, "end")
    name.focus_set()


picture = tk.Canvas(root, width=60, height=30, bg="white", highlightthickness=0)
picture.create_polygon(5, 25, 30, 3, 55, 25, fill="red")
picture.create_line(5, 5, 55, 28, fill="blue", width=3)
picture.bind("<Button-1>", save)
picture.place(x=20, y=120)
root.bind("<F2>", save)
if "--nagging" in sys.argv:

    def nag(*_: object) -> None:
        if len(name.get()) == 3:
            tk.Toplevel(root).title("お知らせ")

    name.bind("<KeyRelease>", nag)
name.focus_set()
root.mainloop()
