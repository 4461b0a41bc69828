trial-refused-next = Look at the trials
trial-already-runs = A trial with this very share runs already. Nothing was changed.
trial-none-runs = No trial runs: it has been ended already.
