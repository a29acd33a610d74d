"""Everybody, without login: notice boards, notices, objections."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
