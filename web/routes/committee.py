"""The supervisory committee: what waits for it, and the whole history."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
