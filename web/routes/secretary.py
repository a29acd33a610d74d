"""The village secretary: what is due, matters, one form per act."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
