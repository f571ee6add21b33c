-- The chain's own database, as an application with client-made uuid keys and millisecond timestamps keeps it.

CREATE TABLE public.stores (
  id varchar(36) PRIMARY KEY,
  code varchar(10) NOT NULL UNIQUE,
  name varchar(120) NOT NULL,
  address varchar(200) NOT NULL,
  city varchar(80) NOT NULL,
  currency varchar(3) NOT NULL DEFAULT 'EUR',
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);

CREATE TABLE public.terminals (
  id varchar(36) PRIMARY KEY,
  store_id varchar(36) NOT NULL REFERENCES public.stores (id),
  code varchar(10) NOT NULL UNIQUE,
  name varchar(120) NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);
CREATE INDEX terminals_store_id_idx ON public.terminals (store_id);

CREATE TABLE public.users (
  id varchar(36) PRIMARY KEY,
  store_id varchar(36) REFERENCES public.stores (id),
  username varchar(60) NOT NULL UNIQUE,
  full_name varchar(120) NOT NULL,
  role varchar(20) NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);
CREATE INDEX users_store_id_idx ON public.users (store_id);

CREATE TABLE public.categories (
  id varchar(36) PRIMARY KEY,
  parent_id varchar(36) REFERENCES public.categories (id),
  name varchar(120) NOT NULL,
  sort_order integer NOT NULL DEFAULT 0,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);
CREATE INDEX categories_parent_id_idx ON public.categories (parent_id);

CREATE TABLE public.suppliers (
  id varchar(36) PRIMARY KEY,
  name varchar(120) NOT NULL,
  contact_name varchar(120),
  email varchar(200),
  phone varchar(30),
  lead_time_days smallint NOT NULL DEFAULT 7,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);

CREATE TABLE public.taxes (
  id varchar(36) PRIMARY KEY,
  code varchar(10) NOT NULL UNIQUE,
  name varchar(60) NOT NULL,
  rate numeric(6,3) NOT NULL,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);

CREATE TABLE public.discounts (
  id varchar(36) PRIMARY KEY,
  code varchar(20) NOT NULL UNIQUE,
  name varchar(120) NOT NULL,
  kind varchar(10) NOT NULL CHECK (kind IN ('PERCENT', 'AMOUNT')),
  value numeric(15,4) NOT NULL,
  starts_at timestamp(3),
  ends_at timestamp(3),
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);

CREATE TABLE public.products (
  id varchar(36) PRIMARY KEY,
  sku varchar(40) NOT NULL UNIQUE,
  barcode varchar(13),
  name varchar(200) NOT NULL,
  description text,
  category_id varchar(36) NOT NULL REFERENCES public.categories (id),
  supplier_id varchar(36) REFERENCES public.suppliers (id),
  tax_id varchar(36) NOT NULL REFERENCES public.taxes (id),
  price numeric(15,4) NOT NULL,
  cost_price numeric(15,4),
  master_stock_quantity integer NOT NULL DEFAULT 0,
  reorder_level integer NOT NULL DEFAULT 0,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL,
  deleted_at timestamp(3)
);
CREATE INDEX products_barcode_idx ON public.products (barcode);
CREATE INDEX products_category_id_idx ON public.products (category_id);
CREATE INDEX products_supplier_id_idx ON public.products (supplier_id);

CREATE TABLE public.product_variants (
  id varchar(36) PRIMARY KEY,
  product_id varchar(36) NOT NULL REFERENCES public.products (id),
  sku varchar(40) NOT NULL UNIQUE,
  name varchar(80) NOT NULL,
  attributes jsonb NOT NULL DEFAULT '{}',
  price numeric(15,4) NOT NULL,
  master_stock_quantity integer NOT NULL DEFAULT 0,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);
CREATE INDEX product_variants_product_id_idx ON public.product_variants (product_id);

CREATE TABLE public.customers (
  id varchar(36) PRIMARY KEY,
  first_name varchar(80) NOT NULL,
  last_name varchar(80) NOT NULL,
  phone varchar(30) NOT NULL,
  email varchar(200),
  birth_date date,
  loyalty_points integer NOT NULL DEFAULT 0,
  preferences jsonb NOT NULL DEFAULT '{}',
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL,
  deleted_at timestamp(3)
);
CREATE INDEX customers_phone_idx ON public.customers (phone);
CREATE INDEX customers_email_idx ON public.customers (email);

CREATE TABLE public.shifts (
  id varchar(36) PRIMARY KEY,
  terminal_id varchar(36) NOT NULL REFERENCES public.terminals (id),
  user_id varchar(36) NOT NULL REFERENCES public.users (id),
  status varchar(10) NOT NULL DEFAULT 'OPEN',
  opened_at timestamp(3) NOT NULL,
  closed_at timestamp(3),
  opening_cash numeric(15,4) NOT NULL,
  expected_cash numeric(15,4),
  closing_cash numeric(15,4),
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);
CREATE INDEX shifts_terminal_id_opened_at_idx ON public.shifts (terminal_id, opened_at);
CREATE INDEX shifts_user_id_idx ON public.shifts (user_id);

CREATE TABLE public.orders (
  id varchar(36) PRIMARY KEY,
  order_number varchar(30) NOT NULL UNIQUE,
  terminal_id varchar(36) NOT NULL REFERENCES public.terminals (id),
  shift_id varchar(36) NOT NULL REFERENCES public.shifts (id),
  user_id varchar(36) NOT NULL REFERENCES public.users (id),
  customer_id varchar(36) REFERENCES public.customers (id),
  discount_id varchar(36) REFERENCES public.discounts (id),
  status varchar(20) NOT NULL,
  subtotal numeric(15,4) NOT NULL,
  discount_total numeric(15,4) NOT NULL DEFAULT 0,
  tax_total numeric(15,4) NOT NULL,
  total numeric(15,4) NOT NULL,
  note text,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);
CREATE INDEX orders_terminal_id_created_at_idx ON public.orders (terminal_id, created_at);
CREATE INDEX orders_shift_id_idx ON public.orders (shift_id);
CREATE INDEX orders_customer_id_idx ON public.orders (customer_id);
CREATE INDEX orders_created_at_idx ON public.orders (created_at);

CREATE TABLE public.order_items (
  id varchar(36) PRIMARY KEY,
  order_id varchar(36) NOT NULL REFERENCES public.orders (id) ON DELETE CASCADE,
  product_id varchar(36) NOT NULL REFERENCES public.products (id),
  variant_id varchar(36) REFERENCES public.product_variants (id),
  quantity integer NOT NULL,
  unit_price numeric(15,4) NOT NULL,
  discount_amount numeric(15,4) NOT NULL DEFAULT 0,
  tax_rate numeric(6,3) NOT NULL,
  line_total numeric(15,4) GENERATED ALWAYS AS (quantity * unit_price - discount_amount) STORED,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp(3) NOT NULL
);
CREATE INDEX order_items_order_id_idx ON public.order_items (order_id);
CREATE INDEX order_items_product_id_idx ON public.order_items (product_id);

CREATE TABLE public.payments (
  id varchar(36) PRIMARY KEY,
  order_id varchar(36) NOT NULL REFERENCES public.orders (id) ON DELETE CASCADE,
  method varchar(20) NOT NULL,
  amount numeric(15,4) NOT NULL,
  reference varchar(60),
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX payments_order_id_idx ON public.payments (order_id);

CREATE TABLE public.inventory_transactions (
  id varchar(36) PRIMARY KEY,
  terminal_id varchar(36) NOT NULL REFERENCES public.terminals (id),
  product_id varchar(36) NOT NULL REFERENCES public.products (id),
  variant_id varchar(36) REFERENCES public.product_variants (id),
  order_id varchar(36) REFERENCES public.orders (id),
  kind varchar(20) NOT NULL,
  quantity_change integer NOT NULL,
  reason varchar(200),
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX inventory_transactions_product_id_created_at_idx ON public.inventory_transactions (product_id, created_at);
CREATE INDEX inventory_transactions_order_id_idx ON public.inventory_transactions (order_id);

CREATE TABLE public.terminal_stock_levels (
  terminal_id varchar(36) NOT NULL REFERENCES public.terminals (id),
  product_id varchar(36) NOT NULL REFERENCES public.products (id),
  quantity integer NOT NULL DEFAULT 0,
  last_updated timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (terminal_id, product_id)
);
CREATE INDEX terminal_stock_levels_product_id_idx ON public.terminal_stock_levels (product_id);

CREATE TABLE public.receipts (
  id varchar(36) PRIMARY KEY,
  order_id varchar(36) NOT NULL REFERENCES public.orders (id) ON DELETE CASCADE,
  receipt_number varchar(30) NOT NULL UNIQUE,
  content jsonb NOT NULL,
  created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX receipts_order_id_idx ON public.receipts (order_id);
