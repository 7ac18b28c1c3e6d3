"""What the audit trail records that is no command: events, and which of them are dropped again."""

from services.described import Described


class Event(Described):
    """What is recorded and is no command."""

    SIGN_IN = "signIn", "登录 / Sign in"
    SIGN_IN_FAILED = "signInFailed", "登录未成功 / Fail to sign in"
    SIGN_OUT = "signOut", "退出登录 / Sign out"
    PASSWORD = "changePassword", "更改密码 / Change one's password"
    PASSWORD_FAILED = "changePasswordFailed", "更改密码未成功 / Fail to change one's password"
    READ_CONTACT = "readContact", "查看联系方式 / Be shown contact data"
    EXPORT = "export", "导出一人的全部数据 / Export everything held on one person"
    RETAIN = "retain", "清除保存期满的数据 / Drop what was kept long enough"
    EXPIRE_TEXTS = "expireTexts", "清除保存期满的文字 / Drop texts that were kept long enough"
    LIST_TOKENS = "listTokens", "列出令牌 / List tokens"
    REVOKE_TOKEN = "revokeToken", "吊销令牌 / Revoke a token"  # as the command is called, from the command line
    # Whoever's it is: the commands called otherwise are about partners' tokens, and accounts of one's own.
    MAKE_TOKEN = "makeToken", "命令行签发令牌 / Make a token from the command line"
    MAKE_ACCOUNT = "makeAccount", "命令行新增账号 / Make an account from the command line"


SIGN_INS = (Event.SIGN_IN, Event.SIGN_IN_FAILED, Event.SIGN_OUT, Event.PASSWORD_FAILED)
FLEETING = (*SIGN_INS, Event.READ_CONTACT)  # what changed nothing, and is dropped when it was kept long enough
