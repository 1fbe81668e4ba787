"""What people type who come from docker compose, DDEV, Vagrant or boot2docker, and what it is called here."""

from __future__ import annotations

from collections.abc import Mapping

_DATABASE = "its data stay; `dfdev down --data` removes them too"
_WORDS: Mapping[str, str] = {
    "ps": "`dfdev status` shows the services",
    "ls": "`dfdev status` shows the services, `dfdev machine list` the machines",
    "list": "`dfdev status` shows the services, `dfdev machine list` the machines",
    "describe": "`dfdev status` shows the services",
    "inspect": "`dfdev status --json` has all of it",
    "port": "`dfdev status` shows every URL",
    "ip": "`dfdev status` shows every URL: services are published on 127.0.0.1",
    "info": "`dfdev status` shows the services, `dfdev machine status` the machine",
    "start": "`dfdev up` starts what is not running",
    "run": "`dfdev up` starts the services, `dfdev exec SVC CMD` runs a command in one",
    "create": "`dfdev up` creates and starts what is missing",
    "reload": "`dfdev up` brings about what the file says, `dfdev restart` starts the same containers again",
    "resume": "`dfdev up` starts what is not running",
    "unpause": "`dfdev up` goes on with what was paused",
    "watch": "nothing to do: your folders are mounted; `dfdev logs -f` follows what is printed",
    "stop": f"`dfdev down` stops the services; a database is kept: {_DATABASE}",
    "halt": f"`dfdev down` stops the services, `dfdev machine stop` the machine; a database is kept: {_DATABASE}",
    "pause": "`dfdev down` stops the services; a database is kept with its data",
    "suspend": "`dfdev down` stops the services, `dfdev machine stop` the machine",
    "poweroff": "`dfdev machine stop` stops the machine, `dfdev down` the services alone",
    "kill": "`dfdev down` stops the services; `dfdev docker kill CONTAINER` one of them by force",
    "rm": f"`dfdev down` removes the containers; a database is kept: {_DATABASE}",
    "remove": f"`dfdev down` removes the containers; a database is kept: {_DATABASE}",
    "delete": f"`dfdev down` removes the containers; a database is kept: {_DATABASE}",
    "destroy": f"`dfdev down` removes the containers; a database is kept: {_DATABASE}",
    "scale": "one container a service: give a second one a section of its own, then `dfdev up`",
    "version": "`dfdev --version`; `dfdev docker version` for the engine",
    "build": "`dfdev mysql build` bakes fixtures, `dfdev frontend build` makes assets; `dfdev docker build` any image",
    "pull": "`dfdev up` pulls what is missing; `dfdev docker pull IMAGE` a newer one",
    "push": "`dfdev docker push IMAGE`",
    "login": "`dfdev docker login REGISTRY`",
    "top": "`dfdev docker top CONTAINER`, or `dfdev exec SVC ps`",
    "stats": "`dfdev docker stats`",
    "events": "`dfdev docker events`",
    "cp": "`dfdev docker cp`; the folders under `code`, `logs` and `mounts` are the same on both sides",
    "attach": "`dfdev logs -f SVC` follows what it prints, `dfdev shell SVC` opens a shell in it",
    "ssh": "`dfdev shell SVC` opens a shell in a service, `dfdev machine ssh` in the machine",
    "bash": "`dfdev shell SVC` opens a shell in a service",
    "sh": "`dfdev shell SVC` opens a shell in a service",
    "tail": "`dfdev logs -f --tail 20`",
    "log": "`dfdev logs`, with -f for new lines",
    "launch": "`dfdev open` opens a service in the browser",
    "browse": "`dfdev open` opens a service in the browser",
    "env": "`dfdev machine env` prints the variables for plain docker, `dfdev config show` the workspace's values",
    "shellinit": '`eval "$(dfdev machine env)"` leads plain docker to the engine',
    "init": "`dfdev demo` writes a workspace to try; `dfdev frontend init` a front end",
    "validate": "`dfdev config check`",
    "convert": "`dfdev config show` prints the values that hold",
    "volumes": "`dfdev docker volume ls`",
    "volume": "`dfdev docker volume ls`",
    "network": "`dfdev docker network ls`",
    "prune": "`dfdev docker system prune` frees space",
    "node": "`dfdev frontend shell` opens a shell with node; `dfdev npx` runs a module's command",
    "yarn": "`dfdev npm` and `dfdev npx` are here; `dfdev npx yarn` runs yarn",
    "gulp": "`dfdev npx gulp`",
    "db": "`dfdev mysql shell` opens the client",
    "sql": "`dfdev mysql shell` opens the client",
    "database": "`dfdev mysql shell` opens the client",
    "import-db": "`dfdev mysql import dump.sql.gz`",
    "export-db": "`dfdev mysql export dump.sql.gz`",
    "snapshot": "`dfdev mysql snapshot NAME`, `dfdev mysql restore NAME`",
    "restore": "`dfdev mysql restore NAME`; `dfdev mysql snapshots` lists them",
    "reset": "`dfdev mysql reset` gives the database back its fixtures",
    "sync": "`dfdev clock sync` sets the machine's clock; your folders are mounted, nothing is copied",
    "date": "`dfdev clock status`, `dfdev clock sync`",
    "doctor": "`dfdev machine status`, `dfdev clock status` and `dfdev config check` say what is wrong",
    "provision": "`dfdev up` brings about what the file says",
}
_IN_GROUPS: Mapping[str, Mapping[str, str]] = {
    "dfdev mysql": {
        "start": "`dfdev up mysql`",
        "up": "`dfdev up mysql`",
        "stop": "`dfdev down`, which keeps the data",
        "down": "`dfdev down`, which keeps the data",
        "logs": "`dfdev logs mysql`",
        "exec": "`dfdev exec mysql CMD`",
        "dump": "`dfdev mysql export dump.sql.gz`",
        "load": "`dfdev mysql import dump.sql.gz`",
        "ls": "`dfdev mysql snapshots`",
        "list": "`dfdev mysql snapshots`",
        "rm": "`dfdev mysql snapshot rm NAME`",
        "save": "`dfdev mysql snapshot NAME`",
        "client": "`dfdev mysql shell`",
        "cli": "`dfdev mysql shell`",
        "info": "`dfdev mysql status`",
    },
    "dfdev machine": {
        "ls": "`dfdev machine list`",
        "ps": "`dfdev machine list`",
        "up": "`dfdev machine start`",
        "down": "`dfdev machine stop`",
        "halt": "`dfdev machine stop`",
        "shell": "`dfdev machine ssh`",
        "info": "`dfdev machine status`",
        "inspect": "`dfdev machine status --json`",
        "shellinit": '`eval "$(dfdev machine env)"`',
    },
    "dfdev clock": {
        "set": "`dfdev clock sync`",
        "show": "`dfdev clock status`",
        "check": "`dfdev clock status`",
        "fix": "`dfdev clock sync`",
    },
    "dfdev config": {
        "validate": "`dfdev config check`",
        "get": "`dfdev config show KEY`",
        "list": "`dfdev config show`",
        "set": "edit dfdev.toml, then `dfdev config check`",
        "edit": "edit dfdev.toml, then `dfdev config check`",
    },
    "dfdev images": {
        "ls": "`dfdev docker images`",
        "list": "`dfdev docker images`",
        "build": "`dfdev images bootstrap`",
        "prune": "`dfdev docker image prune`",
        "pull": "`dfdev docker pull IMAGE`",
        "rm": "`dfdev docker rmi IMAGE`",
    },
    "dfdev ca": {
        "ls": "`dfdev ca list`",
        "install": "`dfdev ca add FILE`",
        "trust": "`dfdev ca add FILE`",
        "remove": "`dfdev ca rm NAME`",
        "delete": "`dfdev ca rm NAME`",
    },
    "dfdev frontend": {
        "watch": "watch = true under [frontend], then `dfdev up`; `dfdev grunt watch` in this terminal",
        "install": "`dfdev npm ci`, or `dfdev npm install`",
        "test": "`dfdev grunt test`, or `dfdev npm test`",
        "start": "watch = true under [frontend], then `dfdev up`",
        "logs": "`dfdev logs frontend`",
    },
}
"""Group -> word -> what it is called here."""

_WAITS = "leave it out: `dfdev up` ends when everything serves, and the services go on"
_TERMINAL = "leave it out: the command has your terminal where you have one"
_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "dfdev up": {
        "-d": _WAITS,
        "--detach": _WAITS,
        "--wait": _WAITS,
        "--build": "`dfdev up` builds no images of the team's: `dfdev docker build -t IMAGE .` before it",
        "--force-recreate": "what differs from the file is made anew by itself; `dfdev restart` starts it all again",
        "--pull": "`dfdev docker pull IMAGE`, then `dfdev up` takes the newer one",
        "-f": "--home names the folder with another dfdev.toml",
        "--file": "--home names the folder with another dfdev.toml",
    },
    "dfdev down": {
        "--volumes": "`dfdev down --data` removes the database with its data; nothing else holds any",
        "--rmi": "`dfdev docker rmi IMAGE`",
        "-t": "stop_timeout under the service's section",
        "--timeout": "stop_timeout under the service's section",
        "--remove-orphans": "leave it out: `dfdev down` removes them too",
    },
    "dfdev logs": {
        "-n": "--tail",
        "--lines": "--tail",
        "-t": "`dfdev logs --json` has the times",
        "--timestamps": "`dfdev logs --json` has the times",
        "--no-color": "NO_COLOR=1 in the environment",
    },
    "dfdev status": {
        "-a": "leave it out: all services are shown",
        "--all": "leave it out: all services are shown",
        "--format": "`dfdev status --json`",
        "--services": "`dfdev status --json`",
    },
    "dfdev exec": dict.fromkeys(("-it", "-ti", "-i", "-t", "-T", "--interactive", "--tty", "--no-tty"), _TERMINAL),
    "dfdev shell": dict.fromkeys(("-i", "-t", "-T"), _TERMINAL),
    "dfdev": {
        "-f": "--home names the folder with another dfdev.toml",
        "--file": "--home names the folder with another dfdev.toml",
        "-p": 'name = "…" under [workspace] in dfdev.toml',
        "--project-name": 'name = "…" under [workspace] in dfdev.toml',
        "--project-directory": "--home",
        "-V": "`dfdev --version`",
    },
}
"""Command -> option of other tools -> what it is called here."""


def word_answer(path: str, word: str) -> str:
    """What to type instead of a command of another tool; "" where it is no such word. `path`: `dfdev mysql`."""
    return (_WORDS if path == "dfdev" else _IN_GROUPS.get(path, {})).get(word.lower(), "")


def option_answer(path: str, option: str) -> str:
    """The same for an option; `path`: `dfdev up`."""
    return _OPTIONS.get(path, {}).get(option, "")


def options() -> list[tuple[str, str]]:
    """Every command and option that is answered."""
    return [(path, option) for path, known in _OPTIONS.items() for option in known]


def words() -> list[tuple[str, str]]:
    """Every group and word that is answered."""
    return [("dfdev", word) for word in _WORDS] + [(path, word) for path, known in _IN_GROUPS.items() for word in known]
