"""The county: villages, overdue matters, procedures in words."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
