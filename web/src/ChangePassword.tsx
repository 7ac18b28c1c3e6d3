/** The dialogue in which one changes one's own password; it opens by itself where somebody else made that up. */

import { type ReactNode, useEffect, useId, useRef } from "react";
import { waiting } from "./problems";
import { useAttempt } from "./SignIn";
import type { Session } from "./session";
import { text } from "./texts";

interface Props {
  session: Session;
  /** The password was made up by somebody else. */
  temporary: boolean;
  onClose: () => void;
  onChanged: () => void;
}

export function ChangePassword({ session, temporary, onClose, onChanged }: Props): ReactNode {
  const title = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const { problem, busy, submit } = useAttempt(async (fields) => {
    const typed = (name: string) => String(fields.get(name));
    if (typed("new") !== typed("again")) return { code: "", message: text.passwordsDiffer, where: "again" };
    const refused = await session.changePassword(typed("current"), typed("new"));
    if (!refused) onChanged();
    return refused;
  });
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    // The field that is to be typed again.
    const wrong = problem && form.current?.elements.namedItem(problem.where ?? "current");
    if (wrong instanceof HTMLInputElement) wrong.select();
  }, [problem]);
  return (
    <dialog ref={dialog} className="over" aria-labelledby={title} onClose={onClose}>
      <section className="card">
        <h2 id={title}>{text.changePassword}</h2>
        {temporary && <p>{text.temporaryPassword}</p>}
        <p className="said" role="alert" id="password-said">
          {problem && `${problem.message} ${waiting(problem)}`}
        </p>
        <form ref={form} method="post" onSubmit={submit} aria-busy={busy}>
          <Field name="current" label={text.currentPassword} autoComplete="current-password" autoFocus />
          <Field name="new" label={text.newPassword} autoComplete="new-password" />
          <Field name="again" label={text.newPasswordAgain} autoComplete="new-password" />
          <p className="hint">{text.passwordHint}</p>
          <button type="submit" className="primary" disabled={busy}>
            {busy ? text.changingPassword : text.changePassword}
          </button>
          <button type="button" onClick={onClose}>
            {temporary ? text.later : text.cancel}
          </button>
        </form>
      </section>
    </dialog>
  );
}

interface FieldProps {
  name: string;
  label: string;
  autoComplete: string;
  autoFocus?: boolean;
}

function Field({ name, label, ...more }: FieldProps): ReactNode {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input {...{ id, name, ...more }} type="password" required maxLength={200} aria-describedby="password-said" />
    </>
  );
}
