"""What the bot answers: the handler modules, in the order in which they are asked."""

from handlers import (
    answered,
    audit,
    compose,
    daily,
    errors,
    membership,
    metrics,
    month,
    otherwise,
    privacy,
    queue,
    roles_given,
    schedule,
    settings,
    start,
    stats,
)

MODULES = (
    compose,
    queue,
    answered,
    month,
    schedule,
    roles_given,
    audit,
    start,
    stats,
    settings,
    metrics,
    privacy,
    membership,
    daily,
    errors,
    otherwise,
)
