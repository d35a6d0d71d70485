"""PLACEHOLDER until written."""

from flask.cli import AppGroup

group = AppGroup("members")
