"""Lives of sellers lived twice: by the product on its database, and by the reference loan beside it."""
