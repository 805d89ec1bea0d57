"""The guide of the first visit: a step is done once the bot shows what it is about."""

from __future__ import annotations

from sandbox import posting
from sandbox.world import World


async def test_a_drop_that_is_not_there_is_none_that_was_seen(world: World) -> None:
    private = world.private_chat(world.manager_id)

    def says(sender_id: int, **content: object) -> None:
        posting.post(world, private, sender_id, dict(content))

    says(world.manager_id, text="/drop 1")
    says(world.bot_id, text="There is no drop 1 here; /queue lists what is coming.")
    says(world.bot_id, photo=[], caption="Preview")
    assert "did" not in world.guide.done
    says(world.manager_id, text="/drop 1")
    says(world.bot_id, photo=[], caption="Drop 1 · Photo")
    assert "did" in world.guide.done
