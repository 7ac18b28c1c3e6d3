/** What roles are called; the names are those of policies/roles.csv. */

import { language } from "./texts";

const NAMES: Record<string, readonly [zh: string, en: string]> = {
  county_admin: ["县级管理员", "County administrator"],
  town_admin: ["乡镇管理员", "Town administrator"],
  community_admin: ["社区管理员", "Community administrator"],
  visit_keeper: ["社区走访管理员", "Visit keeper"],
  property_committee: ["物业行业党委", "Property committee"],
  company_secretary: ["物业企业党支部书记", "Company secretary"],
  instructor: ["党建指导员", "Instructor"],
  captain: ["党员楼长", "Building captain"],
  member: ["在职党员", "Member"],
  auditor: ["审计", "Auditor"],
  department_officer: ["部门经办人", "Department officer"],
  partner: ["合作单位", "Partner"],
};

/** A role's name in the reader's language; of a role this page does not know yet, the name in the policy. */
export function roleName(role: string): string {
  return NAMES[role]?.[language === "zh" ? 0 : 1] ?? role;
}
