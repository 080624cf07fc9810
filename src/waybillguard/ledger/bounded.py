"""Answers from the network, read only as far as they may be long: whoever answers does not choose our memory."""

import httpx


class TooLongError(httpx.HTTPError):
    """An answer is longer than it may be; reading stopped there."""


def read_answer(client: httpx.Client, request: httpx.Request, most: int) -> tuple[int, bytes]:
    """Send a request and return status and body of at most ``most`` bytes.

    Raises:
        TooLongError: the body goes on after ``most`` bytes.
        httpx.HTTPError: nothing answers, or the answer breaks off.
    """
    request.headers["accept-encoding"] = "identity"
    answer = client.send(request, stream=True)
    try:
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > most:
                raise TooLongError(f"longer than {most} bytes")
        return answer.status_code, bytes(body)
    finally:
        answer.close()
