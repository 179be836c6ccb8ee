"""The Model Context Protocol endpoint: asking, reading and verifying, called over HTTP."""

import json

import httpx

from tests.test_privacy import MCP_META, MCP_VERSION


def call(client: httpx.Client, method: str, **params: object) -> dict[str, object]:
    headers = {"mcp-protocol-version": MCP_VERSION, "mcp-method": method}
    if "name" in params:
        headers["mcp-name"] = str(params["name"])
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params | {"_meta": MCP_META}}
    response = client.post("/mcp", json=body, headers=headers)
    found: dict[str, object] = response.json()
    return found


def tool(client: httpx.Client, name: str, **arguments: object) -> tuple[bool, str]:
    """Whether a tool failed, and what it said."""
    result = call(client, "tools/call", name=name, arguments=arguments)["result"]
    assert isinstance(result, dict)
    return bool(result.get("isError")), result["content"][0]["text"]


def test_asking_reading_and_verifying_are_offered(client: httpx.Client) -> None:
    result = call(client, "tools/list")["result"]
    assert isinstance(result, dict)
    names = {tool["name"] for tool in result["tools"]}
    assert names == {"ask", "read_decision", "read_paragraph", "verify"}
    assert all(tool["description"] for tool in result["tools"])


def test_a_question_is_answered_as_over_the_api(client: httpx.Client) -> None:
    question = {"question": "can a chair overrule the conference?", "k": 2}
    failed, text = tool(client, "ask", data=question)
    answer = json.loads(text)
    assert not failed
    assert answer["status"] == "answered"
    assert answer["matches"] == client.post("/v1/ask", json=question).json()["matches"]


def test_a_paragraph_is_read_and_a_letter_verified(client: httpx.Client) -> None:
    failed, text = tool(
        client, "read_paragraph", publisher="upheld-sample", slug="99-000-101", number=29
    )
    assert not failed
    assert "A chair may overrule the majority" in text
    failed, text = tool(client, "verify", data={"text": "See 99 000 101 and 12 345 678."})
    assert not failed
    statuses = [r["status"] for r in json.loads(text)["references"]]
    assert statuses == ["exact", "not_in_this_collection"]


def test_a_tool_that_fails_says_so_and_is_no_empty_answer(client: httpx.Client) -> None:
    failed, text = tool(client, "ask", data={"question": " "})
    assert failed
    assert "matches" not in text
    failed, _ = tool(client, "read_decision", publisher="upheld-sample", slug="none")
    assert failed


def test_pages_of_other_origins_cannot_call_it(client: httpx.Client) -> None:
    response = client.post("/mcp", json={}, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
