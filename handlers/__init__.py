"""What the bot answers: the handler modules, in the order in which they are asked."""

from handlers import daily, errors, membership, metrics, otherwise, privacy, settings, start, stats

MODULES = (start, stats, settings, metrics, privacy, membership, daily, errors, otherwise)
