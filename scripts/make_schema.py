"""Write the JSON Schemas of procedures/schema/ from the models; `make schema` runs it, a test compares."""

from pathlib import Path

from workflow.schema import schemas

FOLDER = Path(__file__).resolve().parent.parent / "procedures" / "schema"


def main() -> None:
    """Write every schema, and remove one that no kind of file has any more."""
    FOLDER.mkdir(exist_ok=True)
    made = schemas()
    for old in FOLDER.glob("*.json"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{FOLDER.name}/{name}")


if __name__ == "__main__":
    main()
