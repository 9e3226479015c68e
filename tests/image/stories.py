"""What happens to seven containers, in order: each story goes on where the one before has left them."""

import json

import httpx

from tests.image.containers import Containers
from tests.image.person import Person, Traffic
from tests.installation import wait_until

MOST_MEGABYTES = 500
WORDS_SEEN = 40
# Of what is in it a container ends all but its first process, which docker's init is, and this one.
KILL = """
import os
for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
    if pid not in (1, os.getpid()):
        os.kill(pid, 9)
"""
ASK_AS_A_PROXY = (
    "import urllib.request as u; q = u.Request('http://{web}:8000/healthz', headers={{'Host': 'localhost', "
    "'X-Forwarded-Proto': 'https'}}); u.urlopen(q, timeout=5)"
)


def a_secret_that_compose_would_shorten_is_named(one: Containers, alice: Person) -> None:
    settings = one.settings()
    for wrong in ("ab$cdef", '"ab$cdef"', "ab #cdef"):
        one.write_env(settings | {"EMAIL_PASSWORD": wrong})
        one.compose("up", "--build", "--detach", "web", check=False)
        assert "EMAIL_PASSWORD in .env" in one.logs("check"), wrong
        assert one.inspect(one.containers("web", "--all")[0], "{{.State.Status}}") == "created"
    one.compose("down", "--volumes")
    one.write_env(settings)


def one_image_is_built_and_it_is_small(one: Containers, alice: Person) -> None:
    one.build()
    megabytes = int(one.run("docker", "image", "inspect", "--format", "{{.Size}}", one.image)) / 1_000_000
    print(f"      {megabytes:.0f} MB with what it stands on")
    assert megabytes < MOST_MEGABYTES
    listed = one.run("docker", "history", "--no-trunc", "--format", "{{.CreatedBy}}", one.image)
    assert "node_modules" not in listed
    unwanted = ("-name", "node_modules", "-o", "-path", "*/site-packages/pip")
    inside = one.run("docker", "run", "--rm", "--entrypoint", "find", one.image, "/raxdash", *unwanted)
    assert inside == ""


def everything_comes_up_where_the_database_takes_long_to_be_made(one: Containers, alice: Person) -> None:
    one.compose("up", "--no-start")
    one.run("docker", "update", "--cpus", "0.15", *one.containers("database", "--all"))
    one.compose("up", "--detach")
    one.run("docker", "update", "--cpus", "2", *one.containers("database"))
    assert len(one.containers("web")) == 2
    one.wait_until_ready()


def a_first_start_through_the_proxy(one: Containers, alice: Person) -> None:
    alice.start_first()
    assert alice.http.get("/t/acme/usage/").status_code == 200


def a_proxy_that_is_not_believed_is_named(one: Containers, alice: Person) -> None:
    (worker,) = one.containers("worker")
    address = one.inspect(worker, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
    for web in one.containers("web"):
        name = one.inspect(web, "{{.Name}}").lstrip("/")
        one.run("docker", "exec", worker, "python", "-c", ASK_AS_A_PROXY.format(web=name))
    told = [line for line in one.logs("web").splitlines() if "are not believed" in line]
    assert len(told) == 2, told
    assert all(address in line for line in told), told


def a_run_streams_through_the_proxy(one: Containers, alice: Person) -> None:
    run = alice.run_for(seconds=4)
    with alice.following(alice.wait_for_stream(run)) as events:
        seen = list(events)
    assert seen[-1]["data"] == "closed"
    row = alice.wait_for_end(run)
    assert row["state"] == "completed", alice.text_of(run)
    assert row["tokens_reported"]


def polls_are_asked_and_folded(one: Containers, alice: Person) -> None:
    before = polls(one)
    wait_until(lambda: polls(one) > before + 1, "two more polls")
    assert "as it must be" in one.manage("ledger", "verify")


def health_checks_leave_no_line_in_the_log(one: Containers, alice: Person) -> None:
    for web in one.containers("web"):
        one.run("docker", "exec", web, "python", "scripts/healthcheck.py")
    lines = one.logs("web").splitlines()
    assert [line for line in lines if "healthz" in line] == []
    assert all(json.loads(line)["message"] for line in lines if line)


def a_web_process_that_is_stopped_ends_its_runs_first(one: Containers, alice: Person) -> None:
    run = alice.run_for(seconds=12)
    address = alice.wait_for_stream(run)
    web = one.containers("web")
    one.run("docker", "stop", web[0])
    one.run("docker", "start", web[0])
    one.wait_until_ready()
    assert alice.wait_for_end(run)["state"] == "completed", alice.text_of(run)
    assert alice.http.get(address).status_code in {200, 204}
    other = alice.run_for(seconds=12)
    one.run("docker", "stop", web[1])
    one.run("docker", "start", web[1])
    assert alice.wait_for_end(other)["state"] == "completed", alice.text_of(other)


def what_is_killed_comes_back_and_its_runs_have_an_end(one: Containers, alice: Person) -> None:
    run = alice.run_for(seconds=60)
    wait_until(lambda: len(str(alice.row(run)["text"]).split()) > WORDS_SEEN, "some words to be saved")
    for service in ("web", "worker", "beat"):
        kill(one, service)
    one.wait_until_ready()
    row = alice.wait_for_end(run)
    assert row["state"] == "interrupted", alice.text_of(run)
    assert len(str(row["text"]).split()) > WORDS_SEEN


def a_lost_redis_and_a_lost_database_are_survived(one: Containers, alice: Person) -> None:
    for service in ("redis", "database"):
        one.compose("kill", service)
        one.compose("start", service)
        one.wait_until_ready()
        run = alice.run_for(seconds=2)
        assert alice.wait_for_end(run)["state"] == "completed", alice.text_of(run)


def an_update_answers_every_request(one: Containers, alice: Person) -> None:
    before = one.run("docker", "image", "inspect", "--format", "{{.Id}}", one.image).strip()
    (one.folder / "raxdash" / "newer.py").write_text('"""Something new."""\n')
    run = alice.run_for(seconds=15)
    with Traffic(alice) as traffic:
        one.run("scripts/update.sh")
    print(f"      {traffic.answered} of {traffic.answered + len(traffic.failed)} requests answered")
    assert not traffic.failed, traffic.failed
    assert traffic.answered > 50
    assert alice.wait_for_end(run)["state"] == "completed", alice.text_of(run)
    images = {one.inspect(web, "{{.Image}}") for web in one.containers("web")}
    assert (len(one.containers("web")), len(images)) == (2, 1)
    assert before not in images
    assert before not in one.run("docker", "image", "ls", "--no-trunc", "--quiet", "--all").split()


def three_web_processes_serve(one: Containers, alice: Person) -> None:
    one.compose("up", "--detach", "--no-recreate", "--scale", "web=3", "web")
    for web in one.containers("web"):
        port = one.inspect(web, '{{(index (index .NetworkSettings.Ports "8000/tcp") 0).HostPort}}')
        wait_until(lambda port=port: answers(int(port)), f"the web process on port {port}")
    assert len(one.containers("web")) == 3


def what_was_backed_up_is_there_after_everything_was_lost(one: Containers, alice: Person) -> None:
    path = one.manage("backup").split()[0]
    one.run("sh", "-c", f"docker compose exec --no-TTY {one.web} cat {path} >backup.zip")
    taken = numbers(one)
    one.compose("down", "--volumes")
    one.run("sh", "-c", "docker compose run --rm --no-TTY migrate sh -c 'cat >/data/backup.zip' <backup.zip")
    one.compose("run", "--rm", "migrate", "python", "manage.py", "restore", "/data/backup.zip", "--yes")
    one.compose("up", "--detach")
    one.wait_until_ready()
    assert numbers(one)[0] >= taken[0] - 1  # a poll may have come in between
    assert numbers(one)[1] == taken[1]
    assert "as it must be" in one.manage("ledger", "verify")
    assert alice.http.get("/t/acme/usage/").status_code == 200


STORIES = (
    a_secret_that_compose_would_shorten_is_named,
    one_image_is_built_and_it_is_small,
    everything_comes_up_where_the_database_takes_long_to_be_made,
    a_first_start_through_the_proxy,
    a_proxy_that_is_not_believed_is_named,
    a_run_streams_through_the_proxy,
    polls_are_asked_and_folded,
    health_checks_leave_no_line_in_the_log,
    a_web_process_that_is_stopped_ends_its_runs_first,
    what_is_killed_comes_back_and_its_runs_have_an_end,
    a_lost_redis_and_a_lost_database_are_survived,
    an_update_answers_every_request,
    three_web_processes_serve,
    what_was_backed_up_is_there_after_everything_was_lost,
)


def kill(one: Containers, service: str) -> None:
    """Kill what runs in a service's containers, as the kernel does where memory ends."""
    for container in one.containers(service):
        one.run("docker", "exec", container, "python", "-c", KILL, check=False)


def polls(one: Containers) -> int:
    """Return how many answers of the provider are kept."""
    ((count,),) = one.rows("SELECT count(*) FROM usage_rawpoll")
    return count


def numbers(one: Containers) -> tuple[int, list[tuple[object, ...]]]:
    """Return what must outlive a restore: polls, and all runs with their words and tokens."""
    sql = "SELECT id, state, text, completion_tokens FROM playground_run ORDER BY id"
    return polls(one), one.rows(sql)


def answers(port: int) -> bool:
    """Tell whether a web process serves on this port of the machine."""
    try:
        return httpx.get(
            f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"}, trust_env=False
        ).is_success
    except httpx.HTTPError:
        return False
