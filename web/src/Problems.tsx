/** The panel that says in words what went wrong with the last run, and what to do about it. */

import type { ReactNode } from "react";
import { advice, type Problem, waiting } from "./problems";
import { text } from "./texts";

export function Problems({ problems, onClose }: { problems: Problem[]; onClose: () => void }): ReactNode {
  return (
    // There before anything is in it: what appears inside is read out.
    <section className="problems" aria-live="polite" aria-label={text.problems}>
      {problems.length > 0 && (
        <>
          <ul>
            {problems.map((problem, index) => (
              <li key={index}>
                <strong>{problem.message}</strong> {problem.where && <code>{problem.where}</code>}{" "}
                {problem.at && <span>{problem.at}</span>}{" "}
                <code className="code">{problem.code}</code>
                <p>
                  {advice(problem.code)} {waiting(problem)}
                </p>
              </li>
            ))}
          </ul>
          <button type="button" onClick={onClose} aria-label={text.close} title={text.close}>
            ×
          </button>
        </>
      )}
    </section>
  );
}
