"""The addresses of the pages for who administers."""

from __future__ import annotations

from django.urls import path

from handfast_server.pages.admin import aside, audit, deliveries, invitations, outgoing, people, sources, tokens

urlpatterns = [
    path("people", people.people, name="people"),
    path("people/invite", invitations.invite, name="people_invite"),
    path("people/invitations/<int:invitation>/again", invitations.again, name="invitation_again"),
    path("people/invitations/<int:invitation>/revoke", invitations.revoke, name="invitation_revoke"),
    path("people/<int:user>", people.person, name="person"),
    path("people/<int:user>/away", people.away, name="person_away"),
    path("people/<int:user>/back", people.back, name="person_back"),
    path("people/<int:user>/sessions", people.end_sessions, name="person_sessions"),
    path("people/<int:user>/unlock", people.unlock, name="person_unlock"),
    path("people/<int:user>/codes", people.end_codes, name="person_codes"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/new", tokens.new, name="token_new"),
    path("tokens/<int:token>", tokens.token, name="token"),
    path("tokens/<int:token>/revoke", tokens.revoke, name="token_revoke"),
    path("connections", sources.connections, name="connections"),
    path("connections/sources/new", sources.new, name="source_new"),
    path("connections/sources/<slug:name>", sources.source, name="source"),
    path("connections/sources/<slug:name>/key", sources.renew, name="source_key"),
    path("connections/aside", aside.aside, name="aside"),
    path("connections/aside/again", aside.again, name="aside_again"),
    path("connections/aside/drop", aside.drop, name="aside_drop"),
    path("connections/aside/<int:aside>", aside.one, name="aside_one"),
    path("connections/webhooks/new", outgoing.new_webhook, name="webhook_new"),
    path("connections/webhooks/<str:endpoint>", outgoing.webhook, name="webhook"),
    path("connections/webhooks/<str:endpoint>/secret", outgoing.secret, name="webhook_secret"),
    path("connections/webhooks/<str:endpoint>/test", outgoing.try_webhook, name="webhook_test"),
    path("connections/webhooks/<str:endpoint>/remove", outgoing.remove_webhook, name="webhook_remove"),
    path("connections/channels/new", outgoing.new_channel, name="channel_new"),
    path("connections/channels/<str:channel>/test", outgoing.try_channel, name="channel_test"),
    path("connections/channels/<str:channel>/remove", outgoing.remove_channel, name="channel_remove"),
    path("deliveries", deliveries.deliveries, name="deliveries"),
    path("deliveries/again", deliveries.again, name="deliveries_again"),
    path("deliveries/<str:message>", deliveries.delivery, name="delivery"),
    path("audit", audit.audit, name="audit"),
    path("audit/file", audit.as_file, name="audit_csv"),
    path("audit/check", audit.check, name="audit_chain"),
]
