"""The JSON API: the same `advance`, the same refusals."""

from fastapi import APIRouter

router = APIRouter(prefix="/api")
