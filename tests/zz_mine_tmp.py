from tests.test_access import *
from tests.test_access import world
MINE=("account.","accounts.","grants.","sessions.","system.")
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_mine(app, client, world, role):
    client.sign_in(world.users[role])
    for rule in rules(app):
        if rule.endpoint == "sessions.sign_out" or not rule.endpoint.startswith(MINE): continue
        answer = ask(client, rule, address(app, rule, world.values))
        assert (answer.status_code != 404) == (role in ALLOWED[rule.endpoint]), (role, rule.endpoint, answer.status_code)
        assert answer.status_code < 500
