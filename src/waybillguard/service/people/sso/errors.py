"""Errors of sign-in through the provider. None names a person."""

from typing import Final

from waybillguard.service.identity.accounts.errors import PeopleError

_SAYS: Final = {
    "off": (
        "此仓库未启用单点登录。请使用登录名和密码登录，或联系负责人。",
        "single sign-on is not switched on here. Sign in with sign-in name and password, or ask the owner.",
    ),
    "unreachable": (
        "身份提供方没有在限定时间内给出可用的应答。请稍后重试；负责人请检查地址和证书。",
        "the identity provider gave no usable answer in time. Try again later; an owner checks address and certificate.",
    ),
    "busy": (
        "同时向身份提供方查询的请求过多，请稍后重试。",
        "too many questions to the identity provider at once. Try again in a moment.",
    ),
    "unproven": (
        "身份提供方的应答未通过校验，未登录。请从登录页重新开始；反复出现请联系负责人。",
        (
            "the identity provider's answer did not pass the checks; nobody was signed in. Start again from the sign-in "
            "page; if it keeps happening, tell the owner."
        ),
    ),
    "cancelled": ("已在身份提供方取消。", "it was called off at the identity provider."),
    "unknown": (
        "该身份尚未与此处的账号关联。请向负责人索取一次性链接，或本地登录后在“安全”页关联。",
        (
            "this identity is not linked with an account here. Ask the owner for a one-time link, or sign in here and link "
            "it on the page Security."
        ),
    ),
    "taken": (
        "该身份已与另一账号关联，未作更改。",
        "this identity is already linked with another account; nothing was changed.",
    ),
    "has_factor": (
        "该账号已有本地的验证器或通行密钥，不能凭一次性链接关联。请先设置密码并登录，再在“安全”页关联。",
        (
            "this account has an authenticator app or passkey here, so a one-time link alone does not link it. Set a "
            "password, sign in, and link it on the page Security."
        ),
    ),
    "not_fresh": (
        "身份提供方没有重新验证您的身份，因此不能继续。请用本地的验证器或通行密钥确认。",
        (
            "the identity provider did not ask you again, so this cannot go on. Confirm with an authenticator app or a "
            "passkey of this service."
        ),
    ),
    "other_person": (
        "身份提供方返回的不是当前登录的人，未作更改。",
        "the identity provider vouched for somebody else than is signed in; nothing was changed.",
    ),
    "metadata": (
        "无法读取元数据：需要一个带签名证书和 HTTP-Redirect 登录地址的身份提供方（SAML 2.0）。",
        (
            "the metadata cannot be read: it takes an identity provider (SAML 2.0) with a signing certificate and a "
            "sign-in address for HTTP-Redirect."
        ),
    ),
    "no_saml": (
        "未安装 SAML 部件。请安装 waybillguard[saml] 后重启服务。",
        "the part for SAML is not installed. Install waybillguard[saml] and start the service again.",
    ),
}


class SingleSignOnError(PeopleError):
    """Sign-in through the provider, or its set-up, failed; ``why`` is one short word."""

    code = "single_sign_on"

    def __init__(self, why: str, detail: str = "") -> None:
        zh, en = _SAYS[why]
        super().__init__(zh=zh, en=en)
        self.why = why
        self.detail = detail
        """The failed check, for the log: a fixed word, never data from the provider."""
