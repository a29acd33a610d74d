"""The township: what waits for it, opinions, filing."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
