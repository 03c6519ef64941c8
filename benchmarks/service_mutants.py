"""Flip what lets requests in and keeps areas apart, one at a time, and see that a test fails for each.

    python -m benchmarks.service_mutants [FILE ...]

As ``mutants.py`` does for the engine, each part of the service with the tests
that are there for it; named files alone, where some are named.
``docs/mutation-check.md`` has the last result.
"""

import sys

from benchmarks.mutants import Mutant, check

ADMISSION = [
    "tests/service/test_guard.py",
    "tests/service/test_sign_in.py",
    "tests/service/test_limits.py",
    "tests/service/test_health.py",
    "tests/service/test_pages_open.py",
    "tests/service/test_observing.py",
]
ROUTES = [
    "tests/service/test_guard.py",
    "tests/service/test_limits.py",
    "tests/service/test_description.py",
    "tests/service/test_sign_in.py",
]
WHO = ["tests/service/test_guard.py"]
TOKENS = ["tests/service/test_tokens.py"]
SESSIONS = ["tests/service/test_sign_in.py"]
LIMITS = ["tests/service/test_limits.py"]
JOBS = ["tests/store/test_jobs.py", "tests/service/test_worker.py"]
ASSESSING = ["tests/service/test_api_assessing.py", "tests/service/test_assessing.py"]
RETAINING = ["tests/service/test_api_retention.py", "tests/store/test_retention.py"]

A, G, S = "service/admission.py", "service/guard.py", "service/security"
PARTS: list[tuple[list[str], list[Mutant]]] = [
    (
        ADMISSION,
        [
            (A, "self.metrics.refused(problem.code)", "pass"),
            (
                A,
                "if isinstance(declared, Anybody) and declared.is_probe:",
                "if isinstance(declared, Anybody):",
            ),
            (A, "        self._need_our_name(request)\n", ""),
            (
                A,
                "            self._spend(request, None)\n            return await self._body",
                "            return await self._body",
            ),
            (A, "        self._spend(request, caller)\n", ""),
            (A, "        if not caller.has(*declared.roles):", "        if False:"),
            (A, "        if not caller.has(*declared.roles):", "        if not caller.roles:"),
            (
                A,
                "changes = by_cookie and request.method not in SAFE_METHODS",
                "changes = by_cookie and request.method == 'POST'",
            ),
            (A, "changes = by_cookie and request.method not in SAFE_METHODS", "changes = False"),
            (
                A,
                "changes = by_cookie and request.method not in SAFE_METHODS",
                "changes = request.method not in SAFE_METHODS",
            ),
            (A, "            need_our_page(request, self.settings.origin)\n", "            pass\n"),
            (A, '            await need_token(request, caller.csrf_token or "")\n', "            pass\n"),
            (A, "        except (ProblemError, StoreUnavailableError):", "        except ProblemError:"),
            (
                A,
                "            if token is not None:",
                "            if token is not None and request.cookies == {}:",
            ),
            (A, "identity.roles, None), False", "identity.roles, None), True"),
            (
                A,
                "                raise unauthenticated()\n        except",
                "                raise unavailable()\n        except",
            ),
            (A, "            self._spend(request, None)\n            raise\n", "            raise\n"),
            (A, "session.csrf_token), True", "session.csrf_token), False"),
            (A, "self.users.grants_of, caller.name)", "self.users.grants_of, client_id)"),
            (
                A,
                "roles | known_roles(grants.roles), AreaScope(grants.areas)",
                "roles, AreaScope(grants.areas)",
            ),
            (
                A,
                "roles | known_roles(grants.roles), AreaScope(grants.areas)",
                "known_roles(grants.roles), AreaScope(grants.areas)",
            ),
            (A, "AreaScope(grants.areas)", "AreaScope(frozenset({'*'}))"),
            (A, 'f"user {caller.name}" if caller else f"address {address}"', 'f"address {address}"'),
            (A, 'f"user {caller.name}" if caller else f"address {address}"', '"everybody"'),
            (
                A,
                '"").lower() not in self.settings.hosts',
                '"").split(":")[0] not in str(self.settings.hosts)',
            ),
            (A, '{"identity", "gzip"} if route.takes.zipped else {"identity"}', '{"identity", "gzip"}'),
            (A, "return counted(request, settings.upload_limit_mib * 1024 * 1024)", "return request"),
            (A, "settings.upload_limit_mib * 1024 * 1024", "settings.body_limit_kib * 1024"),
            (A, '        if encoding != "identity":', "        if False:"),
            (A, "request = counted(request, settings.body_limit_kib * 1024)", "pass"),
            (
                A,
                '            if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:',
                "            if False:",
            ),
            (A, 'if kind != "application/json" and not kind.endswith("+json"):', "if False:"),
            (A, 'and not kind.endswith("+json")', ""),
            (A, "            check_json(body)\n", ""),
            (A, "return not self.settings.is_production", "return True"),
            (A, "hmac.compare_digest(sent.encode(), token.get_secret_value().encode())", "bool(sent)"),
        ],
    ),
    (
        ROUTES,
        [
            (G, "if len(declared) != 1:", "if not declared:"),
            (G, "if len(declared) != 1:", "if len(declared) > 1:"),
            (
                G,
                'isinstance(field.field_info, Form) else "json"',
                'isinstance(field.field_info, Form) else "none"',
            ),
            (
                G,
                'self.reads = "none" if field is None else "form" if',
                'self.reads = "none" if field is None else "json" if',
            ),
            (G, "admitted = await guard.admit(request, self)", "admitted = request"),
            (G, "await admitted.close()  # what a form held in files", "pass"),
            (
                G,
                "if isinstance(route, Mount) and isinstance(route.app, Assets):",
                "if isinstance(route, Mount):",
            ),
            (G, "        if not isinstance(route, GuardedRoute):", "        if False:"),
            (G, "        yield from _said(one)\n", ""),
            (
                G,
                'return first + "".join(word.capitalize() for word in others)',
                'return "_".join([first, *others])',
            ),
        ],
    ),
    (
        WHO,
        [
            (f"{S}/areas.py", "return EVERY_AREA in self.granted", "return True"),
            (f"{S}/areas.py", "return EVERY_AREA in self.granted", "return False"),
            (
                f"{S}/areas.py",
                "(area is not None and area in self.granted)",
                "(area is None or area in self.granted)",
            ),
            (
                f"{S}/areas.py",
                "(bool(areas) and all(self.holds(area) for area in areas))",
                "all(self.holds(area) for area in areas)",
            ),
            (
                f"{S}/areas.py",
                "all(self.holds(area) for area in areas)",
                "any(self.holds(area) for area in areas)",
            ),
            (f"{S}/areas.py", "        if not self.holds_all(areas):", "        if False:"),
            (f"{S}/areas.py", "raise not_found()", "raise forbidden()"),
            (f"{S}/areas.py", "None if self.is_everything else tuple", "tuple"),
            (
                f"{S}/roles.py",
                "READERS = (Role.READ, Role.WRITE)",
                "READERS = (Role.READ, Role.WRITE, Role.ADMIN)",
            ),
            (f"{S}/roles.py", "READERS = (Role.READ, Role.WRITE)", "READERS = (Role.READ,)"),
            (f"{S}/roles.py", "for name in names if name in ours", "for name in ours"),
            (f"{S}/current.py", "not self.roles.isdisjoint(roles)", "self.roles >= set(roles)"),
            (f"{S}/current.py", "not self.roles.isdisjoint(roles)", "True"),
            (f"{S}/current.py", "if caller is None or not caller.has(*self.roles):", "if caller is None:"),
            (f"{S}/current.py", "if caller is None or not caller.has(*self.roles):", "if False:"),
            (f"{S}/current.py", 'else f"client:{self.client_id}"', "else self.client_id"),
            (f"{S}/current.py", "    if not roles:\n", "    if False:\n"),
            (
                f"{S}/current.py",
                "Writer = Annotated[Caller, requires(Role.WRITE)]",
                "Writer = Annotated[Caller, requires(*READERS)]",
            ),
            (
                f"{S}/current.py",
                "Judge = Annotated[Caller, requires(Role.JUDGE)]",
                "Judge = Annotated[Caller, requires(Role.JUDGE, Role.READ)]",
            ),
            (
                f"{S}/current.py",
                "Admin = Annotated[Caller, requires(Role.ADMIN)]",
                "Admin = Annotated[Caller, requires(*_EVERY_ROLE)]",
            ),
        ],
    ),
    (
        TOKENS,
        [
            (f"{S}/tokens.py", 'ALGORITHMS = ("RS256", "ES256")', 'ALGORITHMS = ("RS256", "ES256", "HS256")'),
            (f"{S}/tokens.py", 'ALGORITHMS = ("RS256", "ES256")', 'ALGORITHMS = ("RS256",)'),
            (f"{S}/tokens.py", "self.claims(token, self._audience)", "self.claims(token, None)"),
            (
                f"{S}/tokens.py",
                "if not isinstance(client_id, str) or not _is_name(client_id):",
                "if not isinstance(client_id, str):",
            ),
            (f"{S}/tokens.py", "if user_name is not None and not _is_name(user_name):", "if False:"),
            (f"{S}/tokens.py", "        if not isinstance(authorities, list):", "        if False:"),
            (f"{S}/tokens.py", "if isinstance(one, str))", ")"),
            (f"{S}/tokens.py", "if len(token) > _LONGEST:", "if False:"),
            (f"{S}/tokens.py", "        if key is None:", "        if False:"),
            (f"{S}/tokens.py", '"exp": {"essential": True},', ""),
            (f"{S}/tokens.py", '"iss": {"essential": True, "value": self._issuer},', ""),
            (
                f"{S}/tokens.py",
                '"iss": {"essential": True, "value": self._issuer},',
                '"iss": {"essential": True},',
            ),
            (
                f"{S}/tokens.py",
                '"iss": {"essential": True, "value": self._issuer},',
                '"iss": {"value": self._issuer},',
            ),
            (f"{S}/tokens.py", 'wanted["aud"] = {"essential": True, "value": audience}', "pass"),
            (
                f"{S}/tokens.py",
                'wanted["aud"] = {"essential": True, "value": audience}',
                'wanted["aud"] = {"value": audience}',
            ),
            (f"{S}/tokens.py", "leeway=self._leeway", "leeway=self._leeway + 1"),
            (f"{S}/tokens.py", "leeway=self._leeway", "leeway=0"),
            (
                f"{S}/tokens.py",
                'if scheme.lower() != "bearer" or not token.strip():',
                "if not token.strip():",
            ),
            (
                f"{S}/tokens.py",
                'if scheme.lower() != "bearer" or not token.strip():',
                'if scheme != "Bearer" or not token.strip():',
            ),
            (f"{S}/tokens.py", 'or header.get("alg") not in ALGORITHMS', ""),
            (f"{S}/tokens.py", "_NAME.fullmatch(value)", "_NAME.match(value)"),
            (f"{S}/keys.py", "FRESH_FOR = dt.timedelta(minutes=5)", "FRESH_FOR = dt.timedelta(minutes=61)"),
            (f"{S}/keys.py", "if not self._is_younger_than(USABLE_FOR):", "if False:"),
            (f"{S}/keys.py", "< age", "<= age"),
            (f"{S}/keys.py", ">= NOT_SOONER_THAN", "> NOT_SOONER_THAN"),
            (f"{S}/keys.py", "kid not in self._keys) and self._may_try()", "kid not in self._keys)"),
            (f"{S}/keys.py", "if len(body) > _LARGEST:", "if False:"),
            (f"{S}/keys.py", "key.public_key.key_size >= _WEAKEST", "True"),
            (f"{S}/keys.py", 'one.get("use", "sig") != "sig" or', ""),
            (f"{S}/keys.py", "    if not found:\n", "    if False:\n"),
        ],
    ),
    (
        SESSIONS,
        [
            (
                f"{S}/csrf.py",
                'if request.headers.get("origin") != origin:',
                'if request.headers.get("origin", origin) != origin:',
            ),
            (f"{S}/csrf.py", 'if request.headers.get("origin") != origin:', "if False:"),
            (
                f"{S}/csrf.py",
                'if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":',
                "if False:",
            ),
            (f"{S}/csrf.py", '!= "same-origin":', 'not in {"same-origin", "same-site"}:'),
            (f"{S}/csrf.py", "sent: object = request.headers.get(HEADER)", "sent: object = None"),
            (f"{S}/csrf.py", "or not hmac.compare_digest(sent.encode(), expected.encode())", ""),
            (f"{S}/csrf.py", "if not isinstance(sent, str) or", "if isinstance(sent, str) and"),
            (
                f"{S}/csrf.py",
                'SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})',
                'SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE", "PUT", "PATCH"})',
            ),
            (f"{S}/sessions.py", "        self._forget(request)\n        word =", "        word ="),
            (
                f"{S}/sessions.py",
                "if now >= session.ends_at or now >= session.idle_from:",
                "if now >= session.idle_from:",
            ),
            (
                f"{S}/sessions.py",
                "if now >= session.ends_at or now >= session.idle_from:",
                "if now >= session.ends_at:",
            ),
            (f"{S}/sessions.py", "if session.idle_from - now < self._idle * 0.9:", "if False:"),
            (
                f"{S}/sessions.py",
                "        self._forget(request)\n        response.delete",
                "        response.delete",
            ),
            (
                f"{S}/sessions.py",
                'httponly=True, samesite="lax")\n\n\nclass',
                'httponly=False, samesite="lax")\n\n\nclass',
            ),
            (
                f"{S}/sessions.py",
                'secure=self._secure, httponly=True, samesite="lax")\n\n\nclass',
                'httponly=True, samesite="lax")\n\n\nclass',
            ),
            (f"{S}/sessions.py", 'samesite="lax")\n\n\nclass', 'samesite="none")\n\n\nclass'),
        ],
    ),
    (
        LIMITS,
        [
            (f"{S}/limits.py", "allowed = tokens >= 1", "allowed = tokens > 1"),
            (f"{S}/limits.py", "(tokens - 1 if allowed else tokens, now)", "(tokens - 1, now)"),
            (f"{S}/limits.py", "min(self._size, tokens", "max(self._size, tokens"),
            (f"{S}/limits.py", "while len(self._buckets) > self._most:", "while False:"),
        ],
    ),
    (
        JOBS,
        [
            (
                "store/holding.py",
                "row.state != str(JobState.RUNNING) or row.owner != owner:",
                "row.state != str(JobState.RUNNING):",
            ),
            (
                "store/holding.py",
                "row.state != str(JobState.RUNNING) or row.owner != owner:",
                "row.owner != owner:",
            ),
            ("store/jobs.py", "(JobRow.lease_until <= act.at))", "(JobRow.lease_until < act.at))"),
            ("store/jobs.py", "    if lapsed:\n", "    if True:\n"),
            ("store/jobs.py", "JobRow.attempts < JobRow.allowed", "JobRow.attempts <= JobRow.allowed"),
            ("store/jobs.py", "    row.attempts += 1\n", ""),
            ("store/holding.py", "    row.attempts -= 1\n", ""),
            ("store/jobs.py", "JobRow.attempts >= JobRow.allowed", "JobRow.attempts > 0"),
            ("store/holding.py", "    row.lease_until = at + lease\n", ""),
            (
                "service/worker.py",
                "held_up = self._held_up or act.at - asked >= self._lease / 4",
                "held_up = False",
            ),
            ("service/worker.py", "        holding.finish(session, act, job.id, self.owner)\n", ""),
            (
                "service/worker.py",
                "            except (BusyError, OperationalError) as error:",
                "            except OperationalError as error:",
            ),
            ("service/worker.py", "            except BusyError:\n", "            except LeaseLostError:\n"),
        ],
    ),
    (
        ASSESSING,
        [
            ("service/work/own_answers.py", "if tag_of(mine) not in set(seen):", "if False:"),
            ("service/work/own_answers.py", "one.answer, one.note, str(one.at))", "one.answer)"),
            ("service/work/own_answers.py", "json.dumps([state, held])", "json.dumps([held])"),
            ("service/work/own_answers.py", "        if left(mine, rules_of()):", "        if False:"),
            ("service/work/own_answers.py", "and computed is not Answer.NOT_ASSESSED", ""),
            ("service/work/own_answers.py", "and str(draft.answer) != str(computed)", ""),
            ("service/routes/assessments.py", 'one.strip() not in {"", "*"}', 'one.strip() not in {""}'),
            (
                "service/routes/assessments.py",
                "if one.state is AssessmentState.HANDED_IN or one.assessor == caller.name",
                "if True",
            ),
            ("service/routes/assessments.py", "if not drafts.keys() <= engine.keys():", "if False:"),
            ("service/routes/moderation.py", "if one.differs}:", "}:"),
            ("service/routes/moderation.py", "if len(further) > limit else None", "if items else None"),
            ("service/work/self_view.py", "kinder=sum(mine and not its", "kinder=sum(its and not mine"),
            ("service/work/self_view.py", "cases += bool(mine)", "cases += 1"),
        ],
    ),
    (
        RETAINING,
        [
            ("service/work/retaining.py", "if not erased and (now := ", "if False and (now := "),
            (
                "service/work/retaining.py",
                "if before > today_of(desk.clock):",
                "if before >= today_of(desk.clock):",
            ),
            ("service/work/retaining.py", "if before > today_of(desk.clock):", "if False:"),
            ("service/work/retaining.py", "while erased < AT_MOST:", "while True:"),
            ("service/work/retaining.py", "    desk.forget()\n    return tombstone", "    return tombstone"),
            (
                "store/retention.py",
                ".having(func.max(CaseVersionRow.at) < before)",
                ".having(func.max(CaseVersionRow.at) <= before)",
            ),
            (
                "store/retention.py",
                ".having(func.max(CaseVersionRow.at) < before)",
                ".having(func.min(CaseVersionRow.at) < before)",
            ),
            (
                "store/retention.py",
                "    if scope.areas is not None:\n        query = query.where(*cases",
                "    if False:\n        query = query.where(*cases",
            ),
            (
                "store/retention.py",
                "if areas is None or not scope.includes(areas.area):",
                "if areas is None:",
            ),
        ],
    ),
]


def main(files: list[str]) -> int:
    """Check every part, or what it has of some files; return how many mutants live."""
    alive = 0
    for tests, mutants in PARTS:
        wanted = [one for one in mutants if not files or one[0] in files]
        alive += check(wanted, tests) if wanted else 0
    return alive


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
