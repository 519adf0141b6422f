invalid token
