"""The way to a provider where it is by a proxy, which is real, as the provider is."""

from teams import upstream
from teams.keys.checks import check_key
from tests.rax.proxy import serving


async def test_a_key_is_checked_by_the_proxy(provider: str, settings) -> None:
    async with serving() as proxy:
        settings.UPSTREAM_PROXY = proxy.url
        async with upstream.connections() as connections:
            check = await check_key("rax_demo_pro", provider, connections)
    assert check.models
    assert proxy.asked == [f"GET {provider}/models HTTP/1.1"]


async def test_what_is_called_directly_is_not_asked_of_the_proxy(provider: str, settings) -> None:
    settings.UPSTREAM_PROXY, settings.UPSTREAM_DIRECT = "http://proxy.invalid:3128", ("127.0.0.1",)
    async with upstream.connections() as connections:
        assert (await check_key("rax_demo_pro", provider, connections)).models


async def test_a_proxy_that_makes_no_connection_is_named(settings) -> None:
    async with serving(refuses=407) as proxy:
        settings.UPSTREAM_PROXY = proxy.url
        async with upstream.connections() as connections:
            check = await check_key("rax_demo_pro", "https://gateway.invalid/v1", connections)
    assert "UPSTREAM_PROXY" in check.problem
