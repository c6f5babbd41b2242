"""The interface for programs: every router, one error shape, OpenAPI published."""

from __future__ import annotations

import handfast
from handfast_server.api.auth import AUTH
from handfast_server.api.body import JsonBody
from handfast_server.api.described import DescribedAPI
from handfast_server.api.errors import install
from handfast_server.api.guard import guard
from handfast_server.api.limits import PerCaller

api = DescribedAPI(
    title="Handfast",
    version=handfast.__version__,
    urls_namespace="api",
    auth=AUTH,
    throttle=PerCaller(),
    docs_url=None,
    parser=JsonBody(),
)
install(api)

ROUTERS: dict[str, str] = {
    "/intake": "handfast_server.api.intake.router",
    "/sources": "handfast_server.api.sources.router",
    "/shadow": "handfast_server.api.shadow.router",
    "/team": "handfast_server.api.rosters.router",
    "/audit": "handfast_server.api.audit.router",
    "/contract/comments": "handfast_server.api.comments.router",
    "/contract": "handfast_server.api.contracts.router",
    "/people": "handfast_server.api.people.router",
    "/delivery": "handfast_server.api.delivery.router",
    "/audiences": "handfast_server.api.audiences.router",
    "/leads/{lead}": "handfast_server.api.privacy.router",
    "/leads/{lead}/merge": "handfast_server.api.merging.router",
    "/handoffs": "handfast_server.api.decisions.router",
    "/handoffs/{lead}/deals": "handfast_server.api.deals.router",
    "/cycles": "handfast_server.api.cycles.router",
    "/leads": "handfast_server.api.stories.router",
    "/breaches": "handfast_server.api.lists.breaches",
    "/deals": "handfast_server.api.lists.deals",
    "/pools": "handfast_server.api.lists.pools",
    "/measures": "handfast_server.api.measures.router",
    "/spend": "handfast_server.api.spend.router",
}
"""Path → router; each topic of ``handfast_server.api`` is one line here."""

for path, router in ROUTERS.items():
    api.add_router(path, router)
guard(api)
