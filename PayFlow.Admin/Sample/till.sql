-- A till's own file. What comes from the head office has the head office's key; what the till makes itself has local_id,
-- and server_id once the head office knows it. Money is held the three ways that tills hold it.

CREATE TABLE stores (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  city TEXT NOT NULL,
  currency TEXT NOT NULL DEFAULT 'EUR',
  is_active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE terminals (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  store_id TEXT REFERENCES stores (id),
  username TEXT NOT NULL UNIQUE,
  full_name TEXT NOT NULL,
  role TEXT NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE categories (
  id TEXT PRIMARY KEY,
  parent_id TEXT REFERENCES categories (id),
  name TEXT NOT NULL,
  sort_order INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE suppliers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  contact_name TEXT,
  email TEXT,
  phone TEXT,
  lead_time_days INTEGER NOT NULL DEFAULT 7,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE taxes (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  rate REAL NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE discounts (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  starts_at TEXT,
  ends_at TEXT,
  is_active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE products (
  id TEXT PRIMARY KEY,
  server_id TEXT,
  sku TEXT NOT NULL UNIQUE,
  barcode TEXT,
  name TEXT NOT NULL,
  description TEXT,
  category_id TEXT NOT NULL REFERENCES categories (id),
  supplier_id TEXT REFERENCES suppliers (id),
  tax_id TEXT NOT NULL REFERENCES taxes (id),
  price DECIMAL(15,4) NOT NULL,
  cost_price DECIMAL(15,4),
  stock_quantity INTEGER NOT NULL DEFAULT 0,
  reorder_level INTEGER NOT NULL DEFAULT 0,
  is_active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  deleted_at TEXT,
  sync_status TEXT DEFAULT 'PENDING',
  last_sync_at TEXT
);
CREATE INDEX products_barcode ON products (barcode);
CREATE INDEX products_category ON products (category_id);
CREATE INDEX products_server ON products (server_id);

CREATE TABLE product_variants (
  id TEXT PRIMARY KEY,
  product_id TEXT NOT NULL REFERENCES products (id),
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  attributes TEXT NOT NULL DEFAULT '{}',
  price DECIMAL(15,4) NOT NULL,
  stock_quantity INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX product_variants_product ON product_variants (product_id);

CREATE TABLE customers (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  server_id TEXT UNIQUE,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT,
  birth_date TEXT,
  loyalty_points INTEGER NOT NULL DEFAULT 0,
  preferences TEXT NOT NULL DEFAULT '{}',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  deleted_at TEXT,
  sync_status TEXT DEFAULT 'PENDING',
  sync_operation TEXT,
  last_sync_at TEXT
);
CREATE INDEX customers_phone ON customers (phone);

CREATE TABLE shifts (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  server_id TEXT UNIQUE,
  terminal_id TEXT NOT NULL REFERENCES terminals (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  status TEXT NOT NULL DEFAULT 'OPEN',
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  opening_cash NUMERIC NOT NULL,
  expected_cash NUMERIC,
  closing_cash NUMERIC,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  sync_status TEXT DEFAULT 'PENDING',
  sync_operation TEXT,
  last_sync_at TEXT
);

CREATE TABLE orders (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  server_id TEXT UNIQUE,
  order_number TEXT NOT NULL UNIQUE,
  terminal_id TEXT NOT NULL REFERENCES terminals (id),
  shift_id INTEGER NOT NULL REFERENCES shifts (local_id),
  user_id TEXT NOT NULL REFERENCES users (id),
  customer_id INTEGER REFERENCES customers (local_id),
  discount_id TEXT REFERENCES discounts (id),
  status TEXT NOT NULL,
  subtotal REAL NOT NULL,
  discount_total REAL NOT NULL DEFAULT 0,
  tax_total REAL NOT NULL,
  total REAL NOT NULL,
  note TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  sync_status TEXT DEFAULT 'PENDING',
  sync_operation TEXT,
  last_sync_at TEXT
);
CREATE INDEX orders_shift ON orders (shift_id);
CREATE INDEX orders_customer ON orders (customer_id);

CREATE TABLE order_items (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  server_id TEXT UNIQUE,
  order_id INTEGER NOT NULL REFERENCES orders (local_id) ON DELETE CASCADE,
  product_id TEXT NOT NULL REFERENCES products (id),
  variant_id TEXT REFERENCES product_variants (id),
  quantity INTEGER NOT NULL,
  unit_price DECIMAL(15,4) NOT NULL,
  discount_amount DECIMAL(15,4) NOT NULL DEFAULT 0,
  tax_rate REAL NOT NULL,
  line_total REAL NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  sync_status TEXT DEFAULT 'PENDING',
  sync_operation TEXT,
  last_sync_at TEXT
);
CREATE INDEX order_items_order ON order_items (order_id);

CREATE TABLE payments (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  server_id TEXT UNIQUE,
  order_id INTEGER NOT NULL REFERENCES orders (local_id) ON DELETE CASCADE,
  method TEXT NOT NULL,
  amount TEXT NOT NULL,
  reference TEXT,
  created_at TEXT NOT NULL,
  sync_status TEXT DEFAULT 'PENDING',
  sync_operation TEXT,
  last_sync_at TEXT
);
CREATE INDEX payments_order ON payments (order_id);

CREATE TABLE inventory_transactions (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  server_id TEXT UNIQUE,
  terminal_id TEXT NOT NULL REFERENCES terminals (id),
  product_id TEXT NOT NULL REFERENCES products (id),
  variant_id TEXT REFERENCES product_variants (id),
  order_id INTEGER REFERENCES orders (local_id),
  kind TEXT NOT NULL,
  quantity_change INTEGER NOT NULL,
  reason TEXT,
  created_at TEXT NOT NULL,
  sync_status TEXT DEFAULT 'PENDING',
  sync_operation TEXT,
  last_sync_at TEXT
);
CREATE INDEX inventory_transactions_order ON inventory_transactions (order_id);

CREATE TABLE terminal_stock_levels (
  terminal_id TEXT NOT NULL REFERENCES terminals (id),
  product_id TEXT NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL DEFAULT 0,
  last_updated TEXT NOT NULL,
  PRIMARY KEY (terminal_id, product_id)
);

CREATE TABLE receipts (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  server_id TEXT UNIQUE,
  order_id INTEGER NOT NULL REFERENCES orders (local_id) ON DELETE CASCADE,
  receipt_number TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL,
  created_at TEXT NOT NULL,
  sync_status TEXT DEFAULT 'PENDING',
  sync_operation TEXT,
  last_sync_at TEXT
);
CREATE INDEX receipts_order ON receipts (order_id);
