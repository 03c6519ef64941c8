"""A real server for tests: the sample service and the development identity, each on its port."""

import sys

from aboveline.service import create_app, read_settings
from aboveline.service.identity import InventedUsers, create_identity
from aboveline.service.observing.logs import log_service
from aboveline.service.server import run, server_of
from service.sample import pages, router
from service.world import StoreInMemory


def main(identity_port: int) -> None:
    """Serve until told to stop."""
    settings = read_settings()
    log_service(settings.log_level)
    app = create_app(settings, users=InventedUsers(), store_health=StoreInMemory(), routers=[router, pages])
    run(app, settings, [server_of(create_identity(settings), "127.0.0.1", identity_port)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
