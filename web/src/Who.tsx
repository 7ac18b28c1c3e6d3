/** Who is signed in, as what and where, and the switch between one's grants. */

import { type ReactNode, useEffect, useId, useState } from "react";
import { ChangePassword } from "./ChangePassword";
import { roleName } from "./roles";
import type { Grant, Session, Viewer } from "./session";
import { text } from "./texts";

const ALL = "";

function named({ role, seatName }: Grant): string {
  return `${roleName(role)} · ${seatName}`;
}

/** One grant is simply told; of several, one is chosen, or all of them. */
function Seat({ session, viewer }: { session: Session; viewer: Viewer }): ReactNode {
  const label = useId();
  const { grants } = viewer;
  const [only] = grants;
  if (!only) return <span className="seat none">{text.noGrant}</span>;
  return (
    <span className={`seat ${session.grant ? "narrowed" : ""}`}>
      <label id={label} htmlFor="grant">
        {text.actingAs}
      </label>
      {grants.length === 1 ? (
        <strong id="grant">{named(only)}</strong>
      ) : (
        <select
          id="grant"
          value={session.grant?.id ?? ALL}
          onChange={(event) => session.choose(event.target.value || undefined)}
        >
          <option value={ALL}>{text.allGrants.replace("{}", String(grants.length))}</option>
          {grants.map((grant) => (
            <option key={grant.id} value={grant.id}>
              {named(grant)}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}

interface Props {
  session: Session;
  viewer: Viewer;
  token: boolean;
  /** The password was made up by somebody else: its owner is asked for another one. */
  temporary: boolean;
  lost: Grant | undefined;
}

export function Who({ session, viewer, token, temporary, lost }: Props): ReactNode {
  const [failed, setFailed] = useState("");
  const [changing, setChanging] = useState(false);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (temporary) setChanging(true);
  }, [temporary]);
  const change = () => {
    setChanged(false);
    setChanging(true);
  };
  const done = () => {
    setChanged(true);
    setChanging(false);
  };
  const leave = async (everywhere: boolean) => {
    setFailed("");
    const problem = await session.signOut(everywhere);
    if (problem) setFailed(`${text.stillSignedIn} ${problem.message}`);
  };
  return (
    <div className="who">
      <span className="failed" role="status">
        {lost && text.lostGrant.replace("{}", named(lost))}
      </span>
      <Seat session={session} viewer={viewer} />
      <span className="name" title={viewer.name}>
        {token && <small>{text.byToken}</small>} {viewer.name}
      </span>
      {!token && (
        <button type="button" onClick={change}>
          {text.changePassword}
        </button>
      )}
      <span role="status">{changed && text.passwordChanged}</span>
      <button type="button" onClick={() => leave(false)}>
        {token ? text.forgetToken : text.signOut}
      </button>
      {!token && (
        <button type="button" onClick={() => leave(true)} title={text.everywhereHint}>
          {text.signOutEverywhere}
        </button>
      )}
      {failed && (
        <span className="failed" role="alert">
          {failed}
        </span>
      )}
      {changing && (
        <ChangePassword
          session={session}
          temporary={temporary}
          onClose={() => setChanging(false)}
          onChanged={done}
        />
      )}
    </div>
  );
}
