"""Points 积分 for what members do, pledges 承诺践诺评诺, and the yearly appraisal 民主评议."""
